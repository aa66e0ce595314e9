using System.Buffers.Text;
using System.Security.Cryptography;
using Hrms.Domain.Proofs;
using Hrms.Faults.Tests.PatientKeys;
using Npgsql;

namespace Hrms.Faults.Tests.Privacy;

/// <summary>What is left of an erased patient, in the database and on the chain, tells nothing to who knows everything else.</summary>
[Trait("Feature", "62")]
[Trait("Feature", "87")]
public sealed class ResidueTests(ITestOutputHelper output)
{
    private const string Add = "mutation($c:ID!,$p:ID!,$r:FhirJson!){addRecord(input:{commandId:$c,patient:$p,resource:$r}){records{id} errors{code message}}}";
    private const string Grant = "mutation($c:ID!,$p:ID!,$d:ID!){grantConsent(input:{commandId:$c,patient:$p,grantee:{practitioner:$d}}){consent{id} errors{code}}}";
    private const string Erase = "mutation($c:ID!,$p:ID!){eraseRecord(input:{commandId:$c,patient:$p,impactAcknowledged:true}){certificate{id erasedAt member} errors{code}}}";
    private const string Words = "the-only-words-that-the-erased-one-wrote";

    [Fact]
    public async Task WhoKnowsAllContentsTheChainAndTheTombstone_RebuildsNoLeaf_AndFindsNothing()
    {
        await using var host = await RunningHost.StartAsync();
        var (ana, ben) = (await host.Client.PatientAsync(), await host.Client.PatientAsync());
        List<byte[]> knowledge = [.. await UseAsync(host.Client, ana)];
        await UseAsync(host.Client, ben);
        await host.Client.LedgerQuietAsync();
        await using var database = NpgsqlDataSource.Create(host.Postgres.ConnectionString);

        // The attack works: with the salts it rebuilds every leaf.
        var before = await LeafAttack.RunAsync(database, ana, knowledge);
        Assert.True(before.Leaves > 4 && before.Rebuilt == before.Leaves, $"{before}");

        var erased = await host.Client.SendAsync(Party.Patient(ana), Erase, new { c = Guid.NewGuid(), p = ana });
        var certificate = erased.Field.GetProperty("certificate");
        knowledge.AddRange(Forms(certificate.GetProperty("id").GetGuid()).Append(LeafAttack.Utf8(certificate.GetProperty("erasedAt").GetString()!))
            .Append(LeafAttack.Utf8(certificate.GetProperty("member").GetString()!)));
        await host.Client.LedgerQuietAsync();

        var after = await LeafAttack.RunAsync(database, ana, knowledge);
        output.WriteLine($"{before.Rebuilt} of {before.Leaves} leaves rebuilt before, {after.Rebuilt} of {after.Leaves} after");
        Assert.True(after.Leaves >= before.Leaves);
        Assert.Equal(0, after.Rebuilt);
        var others = await LeafAttack.RunAsync(database, ben, []);
        Assert.Equal(others.Leaves, others.Rebuilt);

        // Nor does what is known stand anywhere on the chain, in clear or as a digest; what is planted is found.
        using var scanner = new ChainScanner(host.Node.RpcUrl);
        var marks = knowledge.SelectMany(known => known.Length < 16 ? Digests(known) : [known, .. Digests(known)]).ToList();
        Assert.Empty(Found(marks, await scanner.ReadAsync(default)));
        Assert.Single(Found(marks, [new ChainBytes("planted", [1, .. SHA256.HashData(knowledge[^1]), 2])]));

        // No key, no salt, no content, no snapshot; and no words, not even compressed.
        await using (var planted = database.CreateCommand("create table planted as select convert_to($1, 'UTF8') as bytes"))
        {
            planted.Parameters.Add(new NpgsqlParameter { Value = Words });
            await planted.ExecuteNonQueryAsync();
        }
        var places = (await DatabaseDump.ReadAsync(database)).Where(value => value.Bytes.AsSpan().IndexOf(LeafAttack.Utf8(Words)) >= 0).Select(value => value.Place).Distinct();
        Assert.Equal(["public.planted.bytes"], places);
        Assert.Equal(0L, await CountAsync(database, "select count(*) from owner_key where owner = $1 and wrapped is not null", ana));
        Assert.Equal(0L, await CountAsync(database, "select count(*) from content where stream_id = $1", ana));
        Assert.Equal(2L, await CountAsync(database, "select count(*) from content where stream_id = $1", ben));
    }

    private static async Task<IReadOnlyList<byte[]>> UseAsync(ApiClient client, Guid patient)
    {
        var (party, doctor) = (Party.Patient(patient), Guid.NewGuid());
        List<byte[]> known = [.. Forms(patient), .. Forms(doctor), LeafAttack.Utf8(Words)];
        foreach (var value in new[] { 5.4, 6.1 })
        {
            var resource = new
            {
                resourceType = "Observation", status = "final", code = new { text = Words }, effectiveDateTime = "2026-01-01T00:00:00Z",
                valueQuantity = new { value, unit = "%" },
            };
            var command = Guid.NewGuid();
            var added = await client.SendAsync(party, Add, new { c = command, p = patient, r = resource });
            Assert.Empty(added.Codes);
            known.AddRange(Forms(command));
            known.AddRange(Forms(added.Field.GetProperty("records")[0].GetProperty("id").GetGuid()));
            known.Add(JsonSerializer.SerializeToUtf8Bytes(resource));
        }
        var consent = await client.SendAsync(party, Grant, new { c = Guid.NewGuid(), p = patient, d = doctor });
        known.AddRange(Forms(consent.Field.GetProperty("consent").GetProperty("id").GetGuid()));
        var (passkey, registration) = await client.NewKeyAsync(patient);
        known.AddRange(Forms((await client.RegisterKeyAsync(patient, registration)).Id));
        await client.SignAsync(patient, consent.Field.GetProperty("consent").GetProperty("id").GetGuid(), passkey);
        await client.KeysOnLedgerAsync(patient);
        known.AddRange([Base64Url.DecodeFromChars(passkey.PublicKey), Base64Url.DecodeFromChars(passkey.PublicKey)[^64..], Base64Url.DecodeFromChars(passkey.CredentialId)]);
        Assert.Contains("resourceType", (await client.SendAsync(
            Party.Practitioner(doctor), "query($p:ID!){patient(id:$p){records(first:10){nodes{content}}}}", new { p = patient })).Body, StringComparison.Ordinal);
        return known;
    }

    private static IEnumerable<byte[]> Forms(Guid id) => [id.ToByteArray(bigEndian: true), id.ToByteArray(), LeafAttack.Utf8($"{id:D}"), LeafAttack.Utf8($"{id:N}")];

    private static IEnumerable<byte[]> Digests(byte[] known) => [SHA256.HashData(known), Keccak256.Hash(known), Keccak256.Hash(Keccak256.Hash(known))];

    private static IEnumerable<string> Found(IReadOnlyCollection<byte[]> marks, IEnumerable<ChainBytes> chain) =>
        chain.Where(part => marks.Any(mark => part.Bytes.AsSpan().IndexOf(mark) >= 0)).Select(part => part.Place);

    private static async Task<long> CountAsync(NpgsqlDataSource database, string sql, Guid owner)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = owner });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
