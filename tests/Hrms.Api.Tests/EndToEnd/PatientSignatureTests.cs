using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hrms.Contracts;
using Hrms.Domain.Artefacts;
using Hrms.TestKit;
using Hrms.Verifier;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>A consent with its patient's own signature, which a stranger checks: alone, and by the ledger's contract.</summary>
[Trait("Feature", "22")]
public sealed class PatientSignatureTests(HrmsFixture hrms)
{
    [Fact, Trait("Feature", "90")]
    public async Task ASignedConsent_IsValid_AndTheContractSaysYes_UntilItsKeyIsRetired()
    {
        var (ana, drLee, phone) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.AuthenticatorAsync());
        var key = (await ana.RegistersKeyAsync(phone)).GetProperty("id").GetGuid();
        var given = await ana.GrantsAsync(drLee, DataClass.Laboratory);
        await ana.SignsAsync(phone, given.Id);
        await ana.WhenKeyIsAsync(key, "REGISTERED");
        var paper = await PaperAsync(ana, given.Id);

        var (alone, said) = await VerifyAsync(paper);
        Assert.Equal((0, true, JsonValueKind.Null), (alone, said.GetProperty("patientSigned").GetBoolean(), said.GetProperty("patientKeyOnLedger").ValueKind));
        var (byLedger, told) = await VerifyAsync(paper, withNode: true);
        Assert.Equal((0, true), (byLedger, told.GetProperty("patientKeyOnLedger").GetBoolean()));

        (await ana.TriesToRetireKeyAsync(ana, key)).Done();
        await ana.WhenKeyIsAsync(key, "RETIRED");
        var (after, why) = await VerifyAsync(paper, withNode: true);
        Assert.Equal((1, "PatientSignatureRefused", "patientSignature.pseudonym"), (after, why.GetProperty("fault").GetString(), why.GetProperty("place").GetString()));
        Assert.Equal(0, (await VerifyAsync(paper)).Code);
    }

    [Fact]
    public async Task WhatIsChangedInAPaper_IsNamed_EvenWhenTheMemberSignsItAnew()
    {
        var (ana, drLee, phone) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.AuthenticatorAsync());
        await ana.RegistersKeyAsync(phone);
        var given = await ana.GrantsAsync(drLee, DataClass.Laboratory);
        await ana.SignsAsync(phone, given.Id);
        var paper = JsonNode.Parse(Base64Url.DecodeFromChars((await PaperAsync(ana, given.Id)).Split('.')[1]))!;
        using var member = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal((0, ""), await JudgedAsync(_ => { }));

        Assert.Equal((1, "patientSignature.artefact"), await JudgedAsync(said => said["terms"]!["rule"]!["purposes"] = new JsonArray("HRESCH")));
        Assert.Equal((1, "patientSignature.artefact"), await JudgedAsync(said => Flip(said, "artefact")));
        foreach (var bound in (string[])["contract", "pseudonym"])
            Assert.Equal((1, "patientSignature.clientData"), await JudgedAsync(said => Flip(said, bound)));
        Assert.Equal((1, "patientSignature.clientData"), await JudgedAsync(said => said["patientSignature"]!["expires"] = said["patientSignature"]!["expires"]!.GetValue<long>() + 1));
        Assert.Equal((1, "patientSignature.clientData"), await JudgedAsync(said => said["patientSignature"]!["chainId"] = 7));
        foreach (var part in (string[])["r", "authenticatorData"])
            Assert.Equal((1, "patientSignature.signature"), await JudgedAsync(said => Flip(said, part)));
        foreach (var coordinate in (string[])["x", "y"])
            Assert.Equal((1, "patientSignature.key"), await JudgedAsync(said => Flip(said, coordinate)));
        Assert.Equal((1, "patientSignature"), await JudgedAsync(said => said["patientSignature"]!.AsObject().Remove("salt")));
        Assert.Equal((1, "patientSignature"), await JudgedAsync(said => said["patientSignature"]!["more"] = 1));
        // The salt is the ledger's matter: under this pseudonym it has another key.
        Assert.Equal((0, ""), await JudgedAsync(said => Flip(said, "salt")));

        async Task<(int, string)> JudgedAsync(Action<JsonNode> change)
        {
            var changed = paper.DeepClone();
            change(changed);
            var jwk = Jws.Jwk(member.ExportParameters(includePrivateParameters: false));
            var unsigned = Jws.Unsigned(changed, (string)jwk["kid"]!);
            var signed = Jws.Signed(unsigned, member.SignData(Encoding.ASCII.GetBytes(unsigned), HashAlgorithmName.SHA256));
            var (code, said) = await VerifyAsync(signed, keys: new JsonObject { ["keys"] = new JsonArray(jwk) }.ToJsonString());
            return (code, said.TryGetProperty("place", out var place) ? place.GetString()! : "");
        }
    }

    [Fact]
    public async Task WhatIsNotThePatientsSignatureUnderThisConsent_IsNotTaken()
    {
        var (ana, ben, drLee) = (await hrms.PatientAsync(), await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var (phone, bens) = (await hrms.AuthenticatorAsync(), await hrms.AuthenticatorAsync());
        var given = await ana.GrantsAsync(drLee, DataClass.Laboratory);
        Assert.Equal("WRONG_STATE", (await ana.AsksAsync("query($id: ID!, $c: ID!) { patient(id: $id) { consentToSign(consent: $c) { version } } }", new { id = ana.Id, c = given.Id })).Error);
        var key = (await ana.RegistersKeyAsync(phone)).GetProperty("id").GetGuid();
        await ben.RegistersKeyAsync(bens);
        var other = await ana.GrantsAsync(drLee, DataClass.Medications);
        var (toSign, otherToSign) = ((await ana.ToSignAsync(ana, given.Id))!.Value, (await ana.ToSignAsync(ana, other.Id))!.Value);
        var request = Signing.Request(toSign);

        Assert.Equal("assertion.signature", await PlaceAsync(bens.Gets(request)));                                          // another patient's key
        Assert.Equal("assertion.clientDataJSON", await PlaceAsync(phone.Gets(Signing.Request(otherToSign))));               // another consent's challenge
        var elsewhere = phone.Origin;
        phone.Origin = "https://elsewhere.example";
        Assert.Equal("assertion.clientDataJSON", await PlaceAsync(phone.Gets(request)));
        (phone.Origin, phone.Domain) = (elsewhere, "elsewhere.example");
        Assert.Equal("assertion.authenticatorData", await PlaceAsync(phone.Gets(request)));
        phone.Domain = null;
        Assert.DoesNotContain("patientSignature", await ContentAsync(ana, given.Id), StringComparison.Ordinal);

        var (good, command) = (phone.Gets(request), Guid.NewGuid());
        var signed = (await ana.TriesToSignAsync(ana, given.Id, toSign, good, command)).Done().Payload.GetProperty("signature").GetRawText();
        Assert.Equal(signed, (await ana.TriesToSignAsync(ana, given.Id, toSign, good, command)).Done().Payload.GetProperty("signature").GetRawText());
        Assert.Equal(("WRONG_STATE", "version"), Why(await ana.TriesToSignAsync(ana, given.Id, toSign, good)));            // replayed
        Assert.Equal("assertion.clientDataJSON", (await ana.TriesToSignAsync(ana, other.Id, otherToSign, good)).Place);
        Assert.Equal("COMMAND_REUSED", (await ana.TriesToSignAsync(ana, other.Id, otherToSign, phone.Gets(Signing.Request(otherToSign)), command)).Refusal);

        // Of a key that was retired, nothing is taken any more; what is replaced signs nothing, and its successor may sign the same version.
        var next = await hrms.AuthenticatorAsync();
        await ana.RegistersKeyAsync(next, replaces: key);
        Assert.Equal("assertion.clientDataJSON", (await ana.TriesToSignAsync(ana, other.Id, otherToSign, phone.Gets(Signing.Request(otherToSign)))).Place);
        await ana.SignsAsync(next, given.Id);
        await ana.RevokesAsync(given);
        Assert.Equal("STALE_VERSION", (await ana.TriesToSignAsync(ana, given.Id, toSign, good)).Refusal);

        async Task<string?> PlaceAsync(string answer) => (await ana.TriesToSignAsync(ana, given.Id, toSign, answer)).Place;
    }

    [Fact, Trait("Feature", "44")]
    public async Task TheSignature_IsAnEvent_WhoseProofHoldsIt_AndEachVersionsPaperCarriesItsOwn()
    {
        var (ana, drLee, phone) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.AuthenticatorAsync());
        await ana.RegistersKeyAsync(phone);
        var given = await ana.GrantsAsync(drLee, DataClass.Laboratory);
        var signature = await ana.SignsAsync(phone, given.Id, hrms.Clock.GetUtcNow().AddYears(1));
        await ana.RevokesAsync(given);

        Assert.Contains("patientSignature", await ContentAsync(ana, given.Id, 1), StringComparison.Ordinal);
        Assert.DoesNotContain("patientSignature", await ContentAsync(ana, given.Id, 2), StringComparison.Ordinal);
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["proof.json"], await ana.ProofAsync(signature.GetProperty("streamVersion").GetInt64()), TestContext.Current.CancellationToken);
        var (code, said) = await RunAsync(folder["proof.json"], "--rpc", await NodeAsync());
        Assert.Equal((0, "consent-signed"), (code, said.GetProperty("kind").GetString()));
        Assert.Equal(given.Id, said.GetProperty("event").GetProperty("consent").GetGuid());
    }

    [Fact]
    public async Task OfAnErasedPatient_TheSignedPaperStands_AndWhatIsNotOnTheLedgerYetNeverComes()
    {
        var (ana, drLee, phone) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.AuthenticatorAsync());
        var key = (await ana.RegistersKeyAsync(phone)).GetProperty("id").GetGuid();
        await ana.WhenKeyIsAsync(key, "REGISTERED");
        var given = await ana.GrantsAsync(drLee, DataClass.Laboratory);
        await ana.SignsAsync(phone, given.Id);
        var paper = await PaperAsync(ana, given.Id);

        await ana.ErasesAsync();

        Assert.Equal(0, (await VerifyAsync(paper, withNode: true)).Code);
        Assert.Equal("ERASED", (await ana.TriesToBeginKeyAsync(ana)).Refusal);
        Assert.Equal("ERASED", (await ana.AsksAsync("query($id: ID!) { patient(id: $id) { patientKeys { id } } }", new { id = ana.Id })).Error);
    }

    private static (string?, string?) Why(Reply reply) => (reply.Refusal, reply.Place);

    /// <summary>Changes the last digit of a member of the signature.</summary>
    private static void Flip(JsonNode paper, string member)
    {
        var text = (string)paper["patientSignature"]![member]!;
        // Of base64url's last digit not all bits count: the one in the middle does.
        var at = text.StartsWith("0x", StringComparison.Ordinal) ? text.Length - 1 : text.Length / 2;
        paper["patientSignature"]![member] = $"{text[..at]}{(text[at] == 'a' ? 'b' : 'a')}{text[(at + 1)..]}";
    }

    private static async Task<string> PaperAsync(Patient patient, Guid consent, int? version = null) => (await patient.AsksAsync(
        "query($id: ID!, $consent: ID!, $version: Int) { patient(id: $id) { consentArtefact(consent: $consent, version: $version) } }", new { id = patient.Id, consent, version })).Patient
        .GetProperty("consentArtefact").GetString()!;

    private static async Task<string> ContentAsync(Patient patient, Guid consent, int? version = null) =>
        Encoding.UTF8.GetString(Base64Url.DecodeFromChars((await PaperAsync(patient, consent, version)).Split('.')[1]));

    private async Task<string> NodeAsync() => (await hrms.HostAsync()).Embedded.LedgerRpcUrls[0].ToString();

    private async Task<(int Code, JsonElement Said)> VerifyAsync(string paper, bool withNode = false, string? keys = null)
    {
        using var folder = new TemporaryFolder();
        keys ??= await hrms.Http.GetStringAsync(new Uri((await hrms.HostAsync()).Url, "/.well-known/consent-keys.json"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder["keys.json"], keys, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder["consent.jws"], paper, TestContext.Current.CancellationToken);
        return await RunAsync(["artefact", folder["consent.jws"], "--keys", folder["keys.json"], .. withNode ? ["--rpc", await NodeAsync()] : Array.Empty<string>()]);
    }

    private static async Task<(int Code, JsonElement Said)> RunAsync(params IEnumerable<string> arguments)
    {
        using var said = new StringWriter();
        using var errors = new StringWriter();
        var code = await VerifierProgram.RunAsync([.. arguments, "--json"], said, errors, TestContext.Current.CancellationToken);
        Assert.Equal("", errors.ToString());
        return (code, JsonElement.Parse(said.ToString()));
    }
}
