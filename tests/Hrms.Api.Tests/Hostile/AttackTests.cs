using Hrms.Api.Tests.EndToEnd;
using Hrms.Api.Tests.GraphQLHttp;

namespace Hrms.Api.Tests.Hostile;

/// <summary>
/// Everything of the table of attacks, sent to the running product: each ends as the table says, for less than 100 ms of processor time and bounded memory, the client's own included; and nothing of it
/// is stored, a fault or a masked error. The figures are in the test's output.
/// </summary>
[Collection(nameof(HostileDocumentTests))]
[Trait("Feature", "67")]
[Trait("Fault", "F36")]
[Trait("Fault", "F37")]
[Trait("Fault", "F39")]
public sealed class AttackTests(HrmsFixture hrms, ITestOutputHelper output)
{
    private static readonly TimeSpan ProcessorTimeMax = TimeSpan.FromMilliseconds(100);

    /// <summary>The client holds what it sends, too, some of it twice.</summary>
    private const long AllocatedMax = 32 << 20;

    private const int TriesMax = 60;

    /// <summary>All that a patient has that an attack could have made.</summary>
    private const string Everything =
        "query($id: ID!) { patient(id: $id) { overview { recordCount } records { totalCount } consents { id version status } consentTemplates { code } consentRequests { id status } delegations { id } devices { id status } patientKeys { id } brokenGlasses { id } notices { kind } "
        + "policy { default optedOut } samples(kind: HEART_RATE, from: \"2025-12-31T00:00:00Z\", until: \"2026-01-02T00:00:00Z\", resolution: DAY) { points { count } } } }";

    [Fact]
    public async Task EveryAttack_EndsAsItShould_CheaplyAndWithoutATrace()
    {
        var ana = await hrms.PatientAsync();
        var attacks = new Attacks(hrms, ana, await ana.EnrolsDeviceAsync());
        var cookies = await new CookieAttacks(hrms, ana.Token).AllAsync();
        var all = attacks.OfDocuments().Concat(attacks.OfForms()).Concat(attacks.OfRecords()).Concat(attacks.OfSamples()).Concat(await attacks.OfTokensAsync()).Concat(attacks.OfSockets()).Concat(cookies).ToList();
        var (before, had) = (Faults(), await HasAsync());
        List<string> wrong = [];
        output.WriteLine($"{"attack",-46} {"sent",12} {"CPU",9} {"allocated",12}  ends");
        foreach (var attack in all)
        {
            var ended = await attack.SendAsync(); // compiles the code on the way
            var (spent, allocated) = (TimeSpan.MaxValue, long.MaxValue);
            // The system under test does other things meanwhile, too: what it takes at least is the attack's.
            for (var i = 0; i < TriesMax && (i < 3 || spent > ProcessorTimeMax / 2 || allocated > AllocatedMax / 2); i++)
            {
                var (cpu, bytes) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
                if (await attack.SendAsync() is var again && again != ended)
                    wrong.Add($"{attack.Name}: first {ended}, then {again}");
                (spent, allocated) = (TimeSpan.FromTicks(Math.Min(spent.Ticks, (Environment.CpuUsage.TotalTime - cpu).Ticks)), Math.Min(allocated, GC.GetTotalAllocatedBytes() - bytes));
            }
            output.WriteLine($"{attack.Name,-46} {attack.BytesSent,10:N0} B {spent.TotalMilliseconds,6:F1} ms {allocated / 1024,8:N0} KiB  {ended}");
            if (ended != attack.Ends)
                wrong.Add($"{attack.Name}: {ended}, not {attack.Ends}");
            if (spent > ProcessorTimeMax)
                wrong.Add($"{attack.Name}: {spent.TotalMilliseconds:F1} ms of processor time");
            if (allocated > AllocatedMax + 3 * attack.BytesSent)
                wrong.Add($"{attack.Name}: {allocated:N0} bytes allocated");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(before, Faults());
        Assert.Equal(had, await HasAsync());

        async Task<string> HasAsync() => (await ana.AsksAsync(Everything, new { id = ana.Id })).Patient.GetRawText();
    }

    private int Faults() => hrms.Log.Lines.Count(line => line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Critical", StringComparison.Ordinal));
}
