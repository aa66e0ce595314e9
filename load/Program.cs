using System.CommandLine;
using Hrms.Load;
using Hrms.Load.Baselines;
using Hrms.Load.Goals;
using Hrms.Load.Measuring;
using Hrms.Load.Running;
using Hrms.Load.Scale;
using Hrms.Load.Scenarios;

var root = new RootCommand("Load scenarios: what the system does in a second, next to what its parts could, and whether it kept its word.")
{
    Scenario("changes", "Durable consent changes through GraphQL, next to one-row commits of the same PostgreSQL.", Commits,
        (system, plan) => new ConsentChanges(system, plan.Copies, plan.Patients)),
    Scenario("reads", "Records read with content by practitioners under a grant.", null,
        (system, plan) => new RecordReads(system, plan.Copies, plan.Patients)),
    Scenario("intake", "Records that patients bring, one at a time.", null, (system, plan) => new RecordIntake(system, plan.Copies, plan.Patients, 1)),
    Scenario("import", "FHIR Bundles of 50 records that patients bring.", null, (system, plan) => new RecordIntake(system, plan.Copies, plan.Patients, 50)),
    Scenario("wearables", "Samples that devices send in batches, next to binary COPY of the same rows.", Copies, (system, plan) => new WearableIntake(system, plan.Copies)),
    Scenario("mixed-day", "Reads, lists, histories, records, samples and consents, as a region's day has them.", null, (system, plan) => new MixedDay(system, plan.Copies, plan.Patients)),
    Scenario("graphql-and-rest", "The same reads by GraphQL and by the least that a REST endpoint could be.", null,
        (system, plan) => new RestAndGraphQL(system, plan.Copies, plan.Patients), withRest: true),
    Scenario("fan-out", "Records told to all who listen to the patient's record.", null, (system, plan) => new FanOut(system, plan.Copies)),
    Scenario("sign-in", "Whole sign-ins to an app at the identity server: passkey, or password and authenticator app, to refreshed token.", null,
        (system, plan) => new SignIns(system, plan.Copies, plan.Patients)),
    Scenario("verification", "Proofs that a stranger verifies.", null, (system, plan) => new ProofChecks(system, plan.Patients)),
    Scenario("decisions", "Consent decisions as a patient's grain makes them, next to selects of one row by the same PostgreSQL.", Selects, (_, _) => new Decisions()),
    HistoryPlan.Command(),
    PatientsPlan.Command(),
    AuditPlan.Command(),
    Goals(),
    RestHost.Create(),
};
var parsed = root.Parse(args);
// An interrupted run still stops the system that it started, and takes its folder away.
var exitCode = await parsed.InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
return parsed.Errors.Count > 0 ? RunGuard.NotMade : exitCode;

static Task<IBaseline> Commits(RunningSystem system, LoadPlan plan) => OneRowCommits.CreateAsync(system.Database, plan.Clients);

static Task<IBaseline> Copies(RunningSystem system, LoadPlan plan) => CopiedSamples.CreateAsync(system.Database, plan.Clients, WearableIntake.SamplesEach);

static Task<IBaseline> Selects(RunningSystem system, LoadPlan plan) => PreparedSelects.CreateAsync(system.Database, plan.Clients, Decisions.Consents);

static Command Scenario(string name, string description, Func<RunningSystem, LoadPlan, Task<IBaseline>>? against, Func<RunningSystem, LoadPlan, IScenario> create, bool withRest = false)
{
    var (command, options) = (new Command(name, description), new LoadOptions());
    options.AddTo(command);
    command.SetAction((parsed, stop) => LoadRun.RunAsync(options.Read(parsed), against, create, withRest, stop));
    return command;
}

static Command Goals()
{
    var (command, options) = (new Command("goals", "The numbers the system is built to reach, each next to its marks; nothing may be lost meanwhile."), new GoalOptions());
    options.AddTo(command);
    command.SetAction((parsed, stop) => GoalRun.RunAsync(options.Read(parsed), stop));
    return command;
}
