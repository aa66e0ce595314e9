using System.Buffers.Text;
using System.Text.Json.Nodes;
using Hrms.Domain.PatientKeys;
using Hrms.Domain.Proofs;
using Hrms.Faults.Tests.PatientKeys;
using Hrms.Ledger.Proofs;
using Hrms.Ledger.Signing;
using Npgsql;

namespace Hrms.Faults.Tests.Members;

/// <summary>A patient of one hospital signs a consent, and another hospital that trusts neither checks it by the shared ledger.</summary>
[Trait("Feature", "22")]
[Trait("Feature", "90")]
public sealed class MemberPatientKeyTests(PostgresFixture postgres, EvmNodeFixture node) : IClassFixture<EvmNodeFixture>
{
    [Fact]
    public async Task AConsentThatItsPatientSigned_IsBorneOutByTheSharedLedger_AlsoAfterTheRegistrarGotAnotherKey()
    {
        await using var members = await TwoMembers.StartAsync(postgres, node, keysAtA: true);
        var first = await SignedAtAAsync(members);
        Assert.Null(await CheckAsync(members, first));
        Assert.Equal(ProofFault.PatientSignatureRefused, (await CheckAsync(members, first with { Pseudonym = new byte[32] }))?.Fault);

        var account = LaneKeyFile.AddSuccessor(members.A.KeyFile, 1);
        await members.Consortium.RotateAsync(members.AccountOfA, members.A.Lane + 1, account, 0, TwoMembers.Cancellation);
        var second = await SignedAtAAsync(members);

        Assert.Null(await CheckAsync(members, second));
        Assert.Null(await CheckAsync(members, first));
        await using var database = NpgsqlDataSource.Create(members.A.Postgres);
        // One that was sent with the former key before the registrar knew better was refused by the contract.
        await using var command = database.CreateCommand("select exists (select from patient_key_transaction where pseudonym = $1 and account = $2)");
        command.Parameters.Add(new NpgsqlParameter { Value = second.Pseudonym });
        command.Parameters.Add(new NpgsqlParameter { Value = account.Bytes.ToArray() });
        Assert.Equal(true, await command.ExecuteScalarAsync(TwoMembers.Cancellation));
    }

    [Fact]
    public async Task AMemberThatRegistersNoKeys_SaysSo()
    {
        await using var members = await TwoMembers.StartAsync(postgres, node);
        var patient = await members.A.Client.PatientAsync();

        var answer = await members.A.Client.SendAsync(Party.Patient(patient), "mutation($p:ID!){beginPatientKey(input:{patient:$p}){creationOptions errors{code}}}", new { p = patient });

        Assert.Equal(["WRONG_STATE"], answer.Codes);
    }

    private static async Task<PatientSignature> SignedAtAAsync(TwoMembers members)
    {
        var client = members.A.Client;
        var patient = await client.PatientAsync();
        var (passkey, command) = await client.NewKeyAsync(patient);
        await client.RegisterKeyAsync(patient, command);
        await client.KeysOnLedgerAsync(patient);
        var consent = (await client.SendAsync(
            Party.Patient(patient), "mutation($c:ID!,$p:ID!,$d:ID!){grantConsent(input:{commandId:$c,patient:$p,grantee:{practitioner:$d}}){consent{id} errors{code}}}",
            new { c = Guid.NewGuid(), p = patient, d = Guid.NewGuid() })).Field.GetProperty("consent").GetProperty("id").GetGuid();
        await client.SignAsync(patient, consent, passkey);
        var paper = (await client.SendAsync(Party.Patient(patient), "query($p:ID!,$d:ID!){patient(id:$p){consentArtefact(consent:$d)}}", new { p = patient, d = consent })).Field
            .GetProperty("consentArtefact").GetString()!;
        var content = JsonNode.Parse(Base64Url.DecodeFromChars(paper.Split('.')[1]))!;
        var (signature, problem) = PatientSignature.In(content);
        Assert.Null(problem);
        return signature!;
    }

    private static Task<ProofProblem?> CheckAsync(TwoMembers members, PatientSignature signature) =>
        new PatientKeyWitness(members.Nodes, members.Consortium.Contracts.Ledger).CheckAsync(signature, TwoMembers.Cancellation);
}
