using Hrms.Domain.Ports;
using Hrms.Faults.Tests.PatientKeys;
using Npgsql;

namespace Hrms.Faults.Tests.Erasures;

/// <summary>The program dies in the middle of an erasure: it goes on to its end by itself at the next start, and nothing is half erased meanwhile.</summary>
public sealed class ErasureKillTests(PostgresFixture postgres, EvmNodeFixture node, ITestOutputHelper output)
{
    private const string Erase = "mutation($c:ID!,$p:ID!){eraseRecord(input:{commandId:$c,patient:$p,impactAcknowledged:true}){certificate{id erasedAt member} errors{code}}}";
    private const string Overview = "query($p:ID!){patient(id:$p){overview{recordCount}}}";

    [Fact]
    [Trait("Feature", "62")]
    public async Task EachPoint_KilledThere_GoesOnToItsEnd()
    {
        using var folder = new TemporaryFolder();
        // From the last to the first: what is left of an erasure then passes only points behind it, so that each start ends one erasure and dies in the next.
        List<string> points = [.. Fault.OfErasure.Reverse()];
        await using var api = await ApiProcess.StartAsync(folder["data"], folder["log"], await ApiProcess.OnAsync(postgres, node, "erasure"), killAt: points[0]);
        await using var database = NpgsqlDataSource.Create(api.Postgres);
        List<(Guid Patient, Guid Device)> erased = [];
        var other = await api.Client.PatientAsync();
        foreach (var _ in points)
            erased.Add(await PatientWithDeviceAsync(api.Client));
        await api.Client.LedgerQuietAsync();

        foreach (var (index, point) in points.Index())
        {
            var patient = erased[index].Patient;
            await Assert.ThrowsAnyAsync<Exception>(() => api.Client.SendAsync(Party.Patient(patient), Erase, new { c = Guid.NewGuid(), p = patient }));
            await api.EndedAsync();

            // Nobody repeats the command: the sweep at the start is enough. And at no moment can anything be read.
            var next = index + 1 < points.Count ? points[index + 1] : null;
            await api.StartAsync(next);
            Assert.Equal(["ERASED"], (await api.Client.SendAsync(Party.Patient(patient), Overview, new { p = patient })).Codes);
            await OverAsync(database, patient);
            var first = await CertificateAsync(api.Client, patient);
            Assert.Equal(first, await CertificateAsync(api.Client, patient));
            output.WriteLine($"{point}: ended by itself, certificate {first}");
        }

        Assert.Empty((await api.Client.SendAsync(Party.Patient(other), Overview, new { p = other })).Codes);
        await api.Client.LedgerQuietAsync();
        foreach (var owner in erased.SelectMany(pair => new[] { pair.Patient, pair.Device }))
        {
            Assert.Equal(1L, await CountAsync(database, "select count(*) from owner_key where owner = $1 and wrapped is null and erased_at is not null", owner));
            Assert.Equal(0L, await CountAsync(database, @"select count(*) from journal where stream_id = $1 and salt <> '\x'", owner));
            Assert.Equal(0L, await CountAsync(database, "select count(*) from content where stream_id = $1", owner));
        }
        Assert.Equal(erased.Count, await CountAsync(database, "select count(*) from erasure join journal on stream_id = certificate and version = 1 where ended_at is not null"));
        Assert.Equal(erased.Count, await CountAsync(database, "select count(*) from erasure join journal on stream_id = certificate"));
        await Invariants.LedgerAsync(api.Postgres, api.Node);
        Assert.Equal(0, await api.StopAsync());
    }

    private static async Task<(Guid, Guid)> PatientWithDeviceAsync(ApiClient client)
    {
        var patient = await client.PatientAsync();
        var party = Party.Patient(patient);
        using var watch = await Wearable.EnrolAsync(client, patient);
        await client.SendAsync(
            party, "mutation($c:ID!,$p:ID!,$d:ID!){grantConsent(input:{commandId:$c,patient:$p,grantee:{practitioner:$d}}){consent{id} errors{code}}}",
            new { c = Guid.NewGuid(), p = patient, d = Guid.NewGuid() });
        await client.RegisterKeyAsync(patient, (await client.NewKeyAsync(patient)).Variables);
        await watch.UploadAsync("""{"samples":[{"kind":"heart-rate","time":"2026-01-01T00:00:00Z","value":60,"unit":"/min"}]}""", "one");
        return (patient, watch.Id);
    }

    private static async Task<string> CertificateAsync(ApiClient client, Guid patient) =>
        (await client.SendAsync(Party.Patient(patient), Erase, new { c = Guid.NewGuid(), p = patient })).Field.GetProperty("certificate").GetRawText();

    /// <summary>Waits until the erasure counts as ended.</summary>
    private static async Task OverAsync(NpgsqlDataSource database, Guid patient)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (await CountAsync(database, "select count(*) from erasure where owner = $1 and ended_at is not null", patient) == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
    }

    private static async Task<long> CountAsync(NpgsqlDataSource database, string sql, Guid? owner = null)
    {
        await using var command = database.CreateCommand(sql);
        if (owner is { } value)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
