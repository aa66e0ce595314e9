using System.CommandLine;
using Hrms.Load;
using Hrms.Load.Baselines;
using Hrms.Load.Goals;
using Hrms.Load.Measuring;
using Hrms.Load.Running;
using Hrms.Load.Scenarios;

var root = new RootCommand("Load scenarios: what the system does in a second, next to what its parts could, and whether it kept its word.")
{
    Scenario("changes", "Durable consent changes through GraphQL, next to one-row commits of the same PostgreSQL.", Commits,
        (system, plan) => new ConsentChanges(system, plan.Clients, plan.Patients)),
    Scenario("reads", "Records read with content by practitioners under a grant.", null,
        (system, plan) => new RecordReads(system, plan.Clients, plan.Patients)),
    Scenario("decisions", "Consent decisions as a patient's grain makes them, next to selects of one row by the same PostgreSQL.", Selects, (_, _) => new Decisions()),
    Goals(),
};
// An interrupted run still stops the system that it started, and takes its folder away.
return await root.Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });

static Task<IBaseline> Commits(RunningSystem system, LoadPlan plan) => OneRowCommits.CreateAsync(system.Database, plan.Clients);

static Task<IBaseline> Selects(RunningSystem system, LoadPlan plan) => PreparedSelects.CreateAsync(system.Database, plan.Clients, Decisions.Consents);

static Command Scenario(string name, string description, Func<RunningSystem, LoadPlan, Task<IBaseline>>? against, Func<RunningSystem, LoadPlan, IScenario> create)
{
    var (command, options) = (new Command(name, description), new LoadOptions());
    options.AddTo(command);
    command.SetAction((parsed, stop) => LoadRun.RunAsync(options.Read(parsed), against, create, stop));
    return command;
}

static Command Goals()
{
    var (command, options) = (new Command("goals", "The numbers the system is built to reach, each next to its marks; nothing may be lost meanwhile."), new GoalOptions());
    options.AddTo(command);
    command.SetAction((parsed, stop) => GoalRun.RunAsync(options.Read(parsed), stop));
    return command;
}
