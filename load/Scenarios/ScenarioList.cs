using System.Globalization;
using Hrms.Load.Baselines;
using Hrms.Load.Measuring;
using Hrms.Load.Running;

namespace Hrms.Load.Scenarios;

/// <summary>One command of a tester's: what it does, and what it is measured by when nothing else is asked for.</summary>
/// <param name="Rate">Steps that become due in a second.</param>
/// <param name="During">How long.</param>
/// <param name="Marks">Pass marks (<see cref="PassMark"/>). That no request fails and all that was acknowledged is there has to hold besides.</param>
/// <param name="Against">The baseline that closed rounds are compared with; null: there is none.</param>
internal sealed record ScenarioKind(
    string Name, string Description, double Rate, TimeSpan During, IReadOnlyList<string> Marks, Func<RunningSystem, LoadPlan, Task<IBaseline>>? Against, Func<RunningSystem, LoadPlan, IScenario> Create, bool WithRest = false)
{
    /// <summary>As a tester would write it with <c>--simulate</c>.</summary>
    public string Simulation => string.Create(CultureInfo.InvariantCulture, $"inject {Rate}/s {During.TotalSeconds:0}s");

    public string Described => $"{Description} By itself: {Simulation}; {string.Join(", ", Marks)}.";

    /// <summary>The plan with the scenario's own rate, duration and marks in it.</summary>
    public LoadPlan ByItself(LoadPlan plan) => plan with { Rate = Rate, Duration = During, Marks = [.. Marks.Select(PassMark.Parse)] };
}

/// <summary>All that testers can let loose. Rates are such that two cores hold them with everything else of the system on them, and marks are the design's where it has some (250 ms, 50 ms for a day by the hour, 10,000 samples/s).</summary>
internal static class ScenarioList
{
    public static IReadOnlyList<ScenarioKind> All { get; } =
    [
        new("changes", "Durable consent changes through GraphQL, next to one-row commits of the same PostgreSQL.", 200, TimeSpan.FromSeconds(30), ["p99 < 250ms"], Commits, (system, plan) => new ConsentChanges(system, plan.Copies, plan.Patients)),
        new("reads", "Records read with content by practitioners under a grant.", 300, TimeSpan.FromSeconds(30), ["p99 < 250ms"], null, (system, plan) => new RecordReads(system, plan.Copies, plan.Patients)),
        new("intake", "Records that patients bring, one at a time.", 100, TimeSpan.FromSeconds(30), ["p99 < 250ms"], null, (system, plan) => new RecordIntake(system, plan.Copies, plan.Patients, 1)),
        new("import", "FHIR Bundles of 50 records that patients bring.", 5, TimeSpan.FromSeconds(30), ["p99 < 1000ms"], null, (system, plan) => new RecordIntake(system, plan.Copies, plan.Patients, 50)),
        new("wearables", "Samples that devices send in batches of 1,000, next to binary COPY of the same rows.", 10, TimeSpan.FromSeconds(60), ["p99 < 500ms", "rate >= 9.5/s"], Copies, (system, plan) => new WearableIntake(system, plan.Copies)),
        new("samples", "Days of 86,400 samples, looked at by the hour.", 20, TimeSpan.FromSeconds(30), ["p95 < 50ms"], null, (system, plan) => new SampleViews(system, plan.Copies, plan.Patients)),
        new("mixed-day", "Reads, lists, histories, records, samples and consents, as a region's day has them.", 150, TimeSpan.FromSeconds(60), ["read p99 < 250ms", "list p99 < 500ms", "grant p99 < 250ms"], null,
            (system, plan) => new MixedDay(system, plan.Copies, plan.Patients)),
        new("graphql-and-rest", "The same reads by GraphQL and by the least that a REST endpoint could be.", 200, TimeSpan.FromSeconds(30), ["GraphQL p99 < 250ms", "REST p99 < 250ms"], null,
            (system, plan) => new RestAndGraphQL(system, plan.Copies, plan.Patients), WithRest: true),
        new("fan-out", "Records told to all who listen to the patient's record.", 20, TimeSpan.FromSeconds(30), ["p99 < 500ms"], null, (system, plan) => new FanOut(system, plan.Copies)),
        new("sign-in", "Whole sign-ins to an app at the identity server: passkey, or password and authenticator app, to refreshed token.", 3, TimeSpan.FromSeconds(30), ["by-passkey p99 < 2000ms", "token p95 < 250ms"], null,
            (system, plan) => new SignIns(system, plan.Copies, plan.Patients)),
        new("verification", "Proofs that a stranger verifies.", 200, TimeSpan.FromSeconds(30), ["p99 < 50ms"], null, (system, plan) => new ProofChecks(system, plan.Patients)),
        new("decisions", "Consent decisions as a patient's grain makes them, next to selects of one row by the same PostgreSQL.", 1000, TimeSpan.FromSeconds(30), ["p99 < 50ms"], Selects, (_, _) => new Decisions()),
    ];

    private static Task<IBaseline> Commits(RunningSystem system, LoadPlan plan) => OneRowCommits.CreateAsync(system.Database, plan.Clients);

    private static Task<IBaseline> Copies(RunningSystem system, LoadPlan plan) => CopiedSamples.CreateAsync(system.Database, plan.Clients, WearableIntake.SamplesEach);

    private static Task<IBaseline> Selects(RunningSystem system, LoadPlan plan) => PreparedSelects.CreateAsync(system.Database, plan.Clients, Decisions.Consents);
}
