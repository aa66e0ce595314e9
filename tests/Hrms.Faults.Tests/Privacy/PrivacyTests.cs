using System.Buffers.Text;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Hrms.Domain.Proofs;
using Hrms.Embedded;
using Hrms.Faults.Tests.PatientKeys;
using Npgsql;

namespace Hrms.Faults.Tests.Privacy;

/// <summary>Whoever gets the database, the chain or the logs learns nothing of the patients.</summary>
[Trait("Feature", "55")]
[Trait("Feature", "85")]
public sealed class PrivacyTests(ITestOutputHelper output)
{
    private const string Planted = "planted-canary-of-this-test";
    private const string Import = "mutation($c:ID!,$p:ID!,$b:FhirJson!){importBundle(input:{commandId:$c,patient:$p,bundle:$b}){records{id} errors{code message place}}}";
    private const string Grant = "mutation($c:ID!,$p:ID!,$d:ID!){grantConsent(input:{commandId:$c,patient:$p,grantee:{practitioner:$d}}){consent{id} errors{code message}}}";
    private const string Read = "query($p:ID!){patient(id:$p){records(first:100){nodes{authors codes{display} content}}}}";
    private readonly List<string> _errors = [];

    // As text and as the bytes of a number: weights that nobody has by chance.
    private static readonly double[] Weights = [71.8391746, 72.1938475, 73.4719283];
    private readonly List<Guid> _ids = [];
    private readonly List<byte[]> _secrets = [];

    [Fact]
    public async Task DatabaseChainLogsAndErrors_HoldNothingOfThePatients()
    {
        var files = new DirectoryInfo(SampleData.Find("synthea-dev")).GetFiles("*.json").OrderBy(file => file.Length).ThenBy(file => file.Name).Skip(2).Take(3);
        var bundles = files.Select(file => JsonElement.Parse(File.ReadAllBytes(file.FullName))).ToList();
        var canaries = Canaries.Of(bundles, [Planted, .. Weights.Select(weight => weight.ToString(CultureInfo.InvariantCulture))]);
        using var folder = new TemporaryFolder();
        // Everything that the program can say.
        await using (var api = await ApiProcess.StartAsync(
            folder["data"], folder["api.log"], new Dictionary<string, string> { ["Logging__Console__LogLevel__Default"] = "Trace" }))
        {
            foreach (var bundle in bundles)
                await UseAsync(api.Client, bundle);
            await api.Client.LedgerQuietAsync();
        }

        List<string> found = [.. Search(canaries, _errors.Select(error => ("error", Encoding.UTF8.GetBytes(error))))];
        var log = await File.ReadAllTextAsync(folder["api.log"]);
        Assert.Contains("trce:", log, StringComparison.Ordinal);
        found.AddRange(Search(canaries, [("log", Encoding.UTF8.GetBytes(log))]));
        found.AddRange(Search(canaries, Directory.EnumerateFiles(folder["data"], "*", SearchOption.AllDirectories).Select(file => (file, File.ReadAllBytes(file)))));
        await using (var services = await EmbeddedServices.StartAsync(folder["data"]))
        {
            await using var database = NpgsqlDataSource.Create(services.PostgresConnectionString);
            var dump = await DatabaseDump.ReadAsync(database);
            found.AddRange(Search(canaries, dump));
            var marks = _ids.SelectMany(Digests.Of).Concat(Digests.Of("P01")).Concat(_secrets).Concat(_secrets.Select(SHA256.HashData)).Concat(_secrets.Select(secret => Keccak256.Hash(secret))).ToList();
            found.AddRange(dump.Where(value => _secrets.Any(secret => value.Bytes.AsSpan().IndexOf(secret) >= 0)).Select(value => $"a patient's key in {value.Place}"));
            using var scanner = new ChainScanner(services.LedgerRpcUrls[0]);
            var chain = await scanner.ReadAsync(default);
            found.AddRange(Search(canaries, chain.Select(part => (part.Place, part.Bytes))));
            found.AddRange(Ids(marks, chain));
            found.AddRange(Samples(dump));
            output.WriteLine($"{canaries.Count} texts; {_errors.Count} errors, {log.Length / 1024} kB of log, {dump.Count} values, {chain.Count} parts of the chain, {marks.Count} forms of ids");

            // The search itself works: what is planted is found.
            await PlantAsync(database, services.LedgerRpcUrls[0]);
            Assert.NotEmpty(await scanner.FindAsync([Planted], default));
            Assert.Equal(3, Ids(marks, await scanner.ReadAsync(default)).Count());
            var planted = await DatabaseDump.ReadAsync(database);
            Assert.Contains($"'{Planted}' in public.planted.bytes", Search(canaries, planted));
            Assert.Equal(2, Samples(planted).Count());
        }
        Assert.Empty(found.Distinct());
    }

    /// <summary>What a patient, their doctor and a stranger do, and what all of them get wrong.</summary>
    private async Task UseAsync(ApiClient client, JsonElement bundle)
    {
        var (id, doctor, stranger) = (await client.PatientAsync(), Guid.NewGuid(), Guid.NewGuid());
        _ids.Add(id);
        var patient = Party.Patient(id);
        var imported = (await client.SendAsync(patient, Import, new { c = Guid.NewGuid(), p = id, b = bundle })).Field.GetProperty("records");
        _ids.AddRange(imported.EnumerateArray().Take(50).Select(record => record.GetProperty("id").GetGuid()));
        Assert.True(_ids.Count > 10);
        await MeasureAsync(client, id);
        Assert.Empty((await client.SendAsync(patient, Grant, new { c = Guid.NewGuid(), p = id, d = doctor })).Codes);
        await SignAsync(client, id, doctor);
        Assert.Contains("resourceType", (await client.SendAsync(Party.Practitioner(doctor), Read, new { p = id })).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("resourceType", (await client.SendAsync(Party.Practitioner(stranger), Read, new { p = id })).Body, StringComparison.Ordinal);

        var text = bundle.GetRawText();
        string[] broken = [text.Replace("\"birthDate\"", "\"birthDates\"", StringComparison.Ordinal), text.Replace("\"gender\":", "\"gender\":7,\"x\":", StringComparison.Ordinal)];
        foreach (var wrong in broken)
            _errors.Add((await client.SendAsync(patient, Import, new { c = Guid.NewGuid(), p = id, b = JsonElement.Parse(wrong) })).Body);
        _errors.Add((await client.SendAsync(patient, Import, new { c = Guid.NewGuid(), p = id, b = text[..5_000] })).Body);
        _errors.Add((await client.SendAsync(Party.Practitioner(stranger), Import, new { c = Guid.NewGuid(), p = id, b = bundle })).Body);
        foreach (var path in new[] { "/graphql", "/ingest/v1/samples" })
        {
            using var answer = await client.PostAsync(patient, path, new StringContent(text[..5_000], Encoding.UTF8, "application/json"));
            _errors.Add(await answer.Content.ReadAsStringAsync());
        }
    }

    /// <summary>The patient has a key, and signs a consent with it. Key, credential and salt are as secret to the chain as an id is.</summary>
    private async Task SignAsync(ApiClient client, Guid patient, Guid doctor)
    {
        var (passkey, command) = await client.NewKeyAsync(patient);
        _ids.Add((await client.RegisterKeyAsync(patient, command)).Id);
        var granted = await client.SendAsync(Party.Patient(patient), Grant, new { c = Guid.NewGuid(), p = patient, d = doctor });
        await client.SignAsync(patient, granted.Field.GetProperty("consent").GetProperty("id").GetGuid(), passkey);
        await client.KeysOnLedgerAsync(patient);
        _secrets.AddRange([Base64Url.DecodeFromChars(passkey.PublicKey)[^32..], Base64Url.DecodeFromChars(passkey.PublicKey)[^64..^32], Base64Url.DecodeFromChars(passkey.CredentialId)]);
    }

    private static IEnumerable<string> Search(Canaries canaries, IEnumerable<(string Place, byte[] Bytes)> places) =>
        places.SelectMany(place => canaries.In(place.Bytes).Select(text => $"'{text}' in {place.Place}"));

    /// <summary>A wearable's key is in its patient's stream alone.</summary>
    private async Task MeasureAsync(ApiClient client, Guid patient)
    {
        using var watch = await Wearable.EnrolAsync(client, patient);
        _ids.Add(watch.Id);
        _secrets.AddRange([watch.Key.PublicKey[^32..], watch.Key.PublicKey[^64..^32]]);
        var samples = Weights.Select((weight, i) => new { kind = "body-weight", time = $"2026-01-01T0{i}:00:00Z", value = weight, unit = "kg" });
        Assert.Contains("\"stored\":3", await watch.UploadAsync(JsonSerializer.Serialize(new { samples }), $"{patient}"), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Ids(IReadOnlyCollection<byte[]> marks, IEnumerable<ChainBytes> chain) =>
        chain.Where(part => marks.Any(mark => part.Bytes.AsSpan().IndexOf(mark) >= 0)).Select(part => $"an id or a digest of one in {part.Place}");

    private static IEnumerable<string> Samples(IEnumerable<(string Place, byte[] Bytes)> dump) =>
        dump.Where(value => Weights.SelectMany(Forms).Any(form => value.Bytes.AsSpan().IndexOf(form) >= 0)).Select(value => $"a sample's value in {value.Place}");

    private static byte[][] Forms(double value)
    {
        var little = BitConverter.GetBytes(value);
        return [little, [.. little.Reverse()]];
    }

    /// <summary>A text in the database and on the chain, a sample's value in both byte orders, and an id with two kinds of digest of it.</summary>
    private async Task PlantAsync(NpgsqlDataSource database, Uri node)
    {
        await using (var table = database.CreateCommand("create table planted (bytes bytea)"))
            await table.ExecuteNonQueryAsync();
        foreach (var bytes in Forms(Weights[1]).Prepend(Encoding.Unicode.GetBytes(Planted.ToUpperInvariant())))
        {
            await using var row = database.CreateCommand("insert into planted values ($1)");
            row.Parameters.Add(new NpgsqlParameter { Value = (byte[])[1, 2, .. bytes, 3] });
            await row.ExecuteNonQueryAsync();
        }

        var id = _ids[^1].ToByteArray(bigEndian: true);
        byte[][] contracts = [Encoding.UTF8.GetBytes(Planted), id, SHA256.HashData(id), Keccak256.Hash(Encoding.UTF8.GetBytes($"{_ids[^1]}"))];
        using var http = new HttpClient();
        for (var i = 0; i < contracts.Length; i++)
        {
            string[] code = [$"0x{0xff00 + i:x40}", $"0x{Convert.ToHexString([9, .. contracts[i], 9])}"];
            using var answer = await http.PostAsJsonAsync(node, new { jsonrpc = "2.0", id = 1, method = "anvil_setCode", @params = code });
            answer.EnsureSuccessStatusCode();
        }
    }
}
