using System.Net.Http.Json;
using System.Security.Cryptography;
using Hrms.Domain.Proofs;
using Hrms.Faults.Tests.PatientKeys;
using Npgsql;

namespace Hrms.Faults.Tests.Privacy;

/// <summary>Who reads the chain can't tell which events are one patient's, and finds on it no value of the database but those that are published.</summary>
[Trait("Feature", "86")]
public sealed class UnlinkableTests(ITestOutputHelper output)
{
    private const int Patients = 8, RevocationsEach = 16, KeysEach = 16;
    private const double ChanceMargin = 0.1;
    private const string Grant = "mutation($c:ID!,$p:ID!,$d:ID!){grantConsent(input:{commandId:$c,patient:$p,grantee:{practitioner:$d}}){consent{id} errors{code}}}";
    private const string Revoke = "mutation($c:ID!,$p:ID!,$d:ID!){revokeConsent(input:{commandId:$c,patient:$p,consent:$d}){consent{id} errors{code}}}";

    [Fact]
    public async Task EventsOfOnePatient_AreNotLinkedBetterThanByChance_AndAPlantedLinkIs()
    {
        await using var host = await RunningHost.StartAsync();
        var random = Seed.Random(output);
        var patients = await Task.WhenAll(Enumerable.Range(0, Patients).Select(_ => host.Client.PatientAsync()));
        foreach (var patient in patients.SelectMany(patient => Enumerable.Repeat(patient, RevocationsEach)).OrderBy(_ => random.Next()))
            await GrantAndRevokeAsync(host.Client, patient);
        var keys = new List<(Guid Patient, string Pseudonym)>();
        foreach (var patient in patients.SelectMany(patient => Enumerable.Repeat(patient, KeysEach)).OrderBy(_ => random.Next()))
            keys.Add((patient, await UseKeyAsync(host.Client, patient, keys)));
        await host.Client.LedgerQuietAsync();
        await using var database = NpgsqlDataSource.Create(host.Postgres.ConnectionString);

        var marks = await MarksAsync(database);
        Assert.Equal(Patients * RevocationsEach, marks.Count);
        var link = LinkClassifier.Auc(marks, random);
        // The same marks, but two bytes of each come from the patient.
        var planted = LinkClassifier.Auc(
            [.. marks.Select(mark => (mark.Patient, mark.Mark with { Bytes = [.. Keccak256.Hash(mark.Patient.ToByteArray())[..2], .. mark.Mark.Bytes[2..]] }))], random);
        output.WriteLine($"{marks.Count} nullifiers of {Patients} patients: area under the curve {link:0.000}; with a planted link {planted:0.000}");
        Assert.InRange(link, 0.5 - ChanceMargin, 0.5 + ChanceMargin);
        Assert.True(planted > 0.9, $"{planted}");

        var registrations = await RegistrationsAsync(database, host.Node.RpcUrl, keys);
        Assert.Equal(Patients * KeysEach, registrations.Count);
        var keyLink = LinkClassifier.Auc(registrations, random);
        var plantedKey = LinkClassifier.Auc(
            [.. registrations.Select(mark => (mark.Patient, mark.Mark with { Bytes = [.. Keccak256.Hash(mark.Patient.ToByteArray())[..2], .. mark.Mark.Bytes[2..]] }))], random);
        output.WriteLine($"{registrations.Count} keys: area under the curve {keyLink:0.000}; with a planted link {plantedKey:0.000}");
        Assert.InRange(keyLink, 0.5 - ChanceMargin, 0.5 + ChanceMargin);
        Assert.True(plantedKey > 0.9, $"{plantedKey}");

        await NothingButWhatIsPublishedAsync(database, host.Node.RpcUrl);
    }

    /// <summary>Each value of 16 bytes or more in the database, as it is and hashed, is looked for in all that the chain shows.</summary>
    private async Task NothingButWhatIsPublishedAsync(NpgsqlDataSource database, Uri node)
    {
        using var scanner = new ChainScanner(node);
        var words = (await scanner.ReadAsync(default)).SelectMany(part => Words(part.Bytes)).ToHashSet();
        var dump = await DatabaseDump.ReadAsync(database);
        // A leaf that is alone in its batch is that batch's root. Shorter: what a root is, read as if it were compressed.
        var roots = dump.Where(value => value.Place == "public.ledger_batch.root" && value.Bytes.Length >= 16).Select(value => Word(value.Bytes)).ToHashSet();
        var found = Columns(dump.Where(value => Published(value.Place) || value.Bytes.Length < 16 || !roots.Contains(Word(value.Bytes))), words);
        output.WriteLine($"{words.Count} words on the chain; equal to {string.Join(", ", found)}");
        Assert.NotEmpty(found);
        Assert.DoesNotContain(found, column => !Published(column));
        // What is planted is found: a salt, as it is and hashed.
        await using var command = database.CreateCommand("select salt from journal limit 1");
        var salt = (byte[])(await command.ExecuteScalarAsync())!;
        foreach (var form in new[] { salt, SHA256.HashData(salt), Keccak256.Hash(salt) })
            Assert.Contains("public.journal.salt", Columns(dump, [.. words, Word(form)]));
    }

    /// <summary>What a lane and the registrar of patients' keys write to the chain, and what is read from it.</summary>
    private static bool Published(string column) =>
        column.StartsWith("public.patient_key", StringComparison.Ordinal) || column == "public.journal.nullifier" || column.StartsWith("public.ledger_", StringComparison.Ordinal) || column.StartsWith("public.followed_", StringComparison.Ordinal);

    private static List<string> Columns(IEnumerable<(string Place, byte[] Bytes)> values, HashSet<string> words) =>
    [
        // The hash of 32 zeros stands in the contract, as that of its first slot, and a stream's first leaf follows 32 zeros.
        .. values.Where(value => value.Bytes.Length >= 16 && value.Bytes.AsSpan().IndexOfAnyExcept((byte)0) >= 0 && new[] { value.Bytes, SHA256.HashData(value.Bytes), Keccak256.Hash(value.Bytes) }.Any(form => words.Contains(Word(form))))
            .Select(value => value.Place).Distinct().Order(),
    ];

    /// <summary>A value's first 16 bytes, wherever they may stand: 2^128 things that are not there by chance.</summary>
    private static string Word(byte[] bytes) => Convert.ToHexString(bytes, 0, 16);

    private static IEnumerable<string> Words(byte[] bytes) =>
        Enumerable.Range(0, Math.Max(0, bytes.Length - 15)).Where(at => bytes.AsSpan(at, 16).IndexOfAnyExcept((byte)0) >= 0).Select(at => Convert.ToHexString(bytes, at, 16));

    /// <summary>What the chain shows of each revocation, and, for the teacher alone, whose it is.</summary>
    private static async Task<List<(Guid Patient, Mark Mark)>> MarksAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(
            """
            select journal.stream_id, journal.nullifier, batch.number, row_number() over (partition by batch.number order by journal.txid, journal.position)
            from journal join ledger_batch batch on (journal.txid, journal.position) > (batch.after_txid, batch.after_position)
                and (journal.txid, journal.position) <= (batch.through_txid, batch.through_position)
            where journal.nullifier is not null
            """);
        await using var reader = await command.ExecuteReaderAsync();
        List<(Guid, Mark)> marks = [];
        while (await reader.ReadAsync())
            marks.Add((reader.GetGuid(0), new Mark(reader.GetFieldValue<byte[]>(1), reader.GetInt64(2), (int)reader.GetInt64(3))));
        return marks;
    }

    /// <summary>A new key of the patient's, in the place of the one before; a consent is signed with the first.</summary>
    private static async Task<string> UseKeyAsync(ApiClient client, Guid patient, List<(Guid Patient, string Pseudonym)> before)
    {
        var inUse = before.Any(key => key.Patient == patient) ? await client.KeyInUseAsync(patient) : (Guid?)null;
        var (passkey, command) = await client.NewKeyAsync(patient, inUse);
        var key = await client.RegisterKeyAsync(patient, command);
        await client.KeysOnLedgerAsync(patient);
        if (inUse is null)
        {
            var granted = await client.SendAsync(Party.Patient(patient), Grant, new { c = Guid.NewGuid(), p = patient, d = Guid.NewGuid() });
            await client.SignAsync(patient, granted.Field.GetProperty("consent").GetProperty("id").GetGuid(), passkey);
        }
        return key.Pseudonym;
    }

    /// <summary>What the chain shows of each key: its pseudonym and commitment, and where among the others it came.</summary>
    private static async Task<List<(Guid Patient, Mark Mark)>> RegistrationsAsync(NpgsqlDataSource database, Uri node, List<(Guid Patient, string Pseudonym)> keys)
    {
        await using var command = database.CreateCommand("select contract from patient_key_register order by chain_epoch desc limit 1");
        var contract = Hex.Of((byte[])(await command.ExecuteScalarAsync())!);
        using var http = new HttpClient();
        using var answer = await http.PostAsJsonAsync(node, new
        {
            jsonrpc = "2.0", id = 1, method = "eth_getLogs",
            @params = new[] { new { address = contract, fromBlock = "0x0", toBlock = "latest", topics = new[] { Hex.Of(Keccak256.Hash("PatientKeyRegistered(bytes32,bytes32)"u8)) } } },
        });
        var owners = keys.ToDictionary(key => key.Pseudonym, key => key.Patient);
        return [.. (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("result").EnumerateArray().Index().Select(log => (
            owners[log.Item.GetProperty("topics")[1].GetString()!],
            new Mark(Convert.FromHexString(log.Item.GetProperty("topics")[1].GetString()![2..] + log.Item.GetProperty("data").GetString()![2..]), log.Index, 0)))];
    }

    private static async Task GrantAndRevokeAsync(ApiClient client, Guid patient)
    {
        var granted = await client.SendAsync(Party.Patient(patient), Grant, new { c = Guid.NewGuid(), p = patient, d = Guid.NewGuid() });
        var consent = granted.Field.GetProperty("consent").GetProperty("id").GetGuid();
        Assert.Empty((await client.SendAsync(Party.Patient(patient), Revoke, new { c = Guid.NewGuid(), p = patient, d = consent })).Codes);
    }
}
