using System.Text;
using System.Text.Json;
using Hrms.Contracts;
using Hrms.TestKit;
using Hrms.Verifier;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>A consent as a signed paper, checked by the verifier with nothing of ours running.</summary>
public sealed class ConsentArtefactTests(HrmsFixture hrms, ITestOutputHelper output)
{
    private const int Flips = 1_000;
    private const string Question = "query($id: ID!, $consent: ID!, $version: Int) { patient(id: $id) { consentArtefact(consent: $consent, version: $version) } }";

    [Fact, Trait("Feature", "22")]
    public async Task APatientsArtefact_IsSignedByTheMember_AndNoChangedBitGoesUnseen()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var given = await ana.GrantsAsync(drLee, new Terms { Classes = [DataClass.Laboratory], Purposes = [PurposeOfUse.TREAT] });
        var artefact = await ArtefactAsync(ana, ana.Id, given.Id);
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["keys.json"], await KeysAsync(), TestContext.Current.CancellationToken);

        var (code, said) = await VerifyAsync(folder, Encoding.ASCII.GetBytes(artefact!));

        Assert.Equal(0, code);
        var paper = JsonDocument.Parse(said).RootElement.GetProperty("artefact");
        Assert.Equal((given.Id, ana.Id, 1), (paper.GetProperty("consent").GetGuid(), paper.GetProperty("patient").GetGuid(), paper.GetProperty("version").GetInt32()));
        Assert.Equal("Laboratory", paper.GetProperty("terms").GetProperty("rule").GetProperty("data").GetProperty("classes")[0].GetString());
        Assert.DoesNotContain("secret", said, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, (await VerifyAsync(folder, Encoding.ASCII.GetBytes(artefact + "\n"))).Code);

        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}, {artefact!.Length} bytes");
        var chance = new Random(seed);
        for (var flip = 0; flip < Flips; flip++)
        {
            var changed = Encoding.ASCII.GetBytes(artefact);
            var (place, bit) = (chance.Next(changed.Length), chance.Next(8));
            changed[place] ^= (byte)(1 << bit);
            var (verdict, words) = await VerifyAsync(folder, changed);
            Assert.True(verdict == 1, $"Bit {bit} of byte {place} went unseen: {words}");
            Assert.False(string.IsNullOrEmpty(JsonDocument.Parse(words).RootElement.GetProperty("text").GetString()));
        }
    }

    [Fact, Trait("Feature", "22"), Trait("Feature", "21")]
    public async Task EachVersion_HasAnArtefact_TheLatestByDefault_AndOthersGetNone()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var given = await ana.GrantsAsync(drLee, new Terms());
        await ana.RevokesAsync(given);

        Assert.Equal(("Revoked", 2), Status(await ArtefactAsync(ana, ana.Id, given.Id)));
        Assert.Equal(("Active", 1), Status(await ArtefactAsync(ana, ana.Id, given.Id, 1)));
        Assert.Null(await ArtefactAsync(ana, ana.Id, given.Id, 3));
        Assert.Null(await ArtefactAsync(drLee, ana.Id, given.Id));
        Assert.Null(await ArtefactAsync(ana, ana.Id, Guid.NewGuid()));
    }

    [Fact, Trait("Feature", "22")]
    public async Task WithKeysOfAnotherMember_AnArtefactIsNotValid_AndTheProgramSaysWhy()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var artefact = await ArtefactAsync(ana, ana.Id, (await ana.GrantsAsync(drLee, new Terms())).Id);
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["keys.json"], """{"keys":[]}""", TestContext.Current.CancellationToken);

        var (code, said) = await VerifyAsync(folder, Encoding.ASCII.GetBytes(artefact!));

        Assert.Equal(1, code);
        Assert.Contains("No key of the set", said);
    }

    [Fact, Trait("Feature", "22"), Trait("Feature", "44")]
    public async Task WithTheProofOfItsEvent_AnArtefactIsToldToHold_UntilItIsRevoked_AndNoOtherProofServes()
    {
        var (ana, drLee) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var (given, other) = (await ana.GrantsAsync(drLee, DataClass.Laboratory), await ana.GrantsAsync(drLee, DataClass.Medications));
        using var folder = new TemporaryFolder();
        await WriteAsync("keys.json", await KeysAsync());
        await WriteAsync("consent.jws", (await ArtefactAsync(ana, ana.Id, given.Id))!);
        await WriteAsync("proof.json", await ana.ProofAsync(given.StreamVersion));
        await WriteAsync("other.json", await ana.ProofAsync(other.StreamVersion));

        var (holds, said) = await HoldsAsync("proof.json");
        Assert.Equal((0, true), (holds, JsonDocument.Parse(said).RootElement.GetProperty("holds").GetBoolean()));
        var (mixed, words) = await HoldsAsync("other.json");
        Assert.Equal(1, mixed);
        Assert.Contains("is not that of the event", words);

        var revocation = await ana.RevokesAsync(given);
        await WriteAsync("revocation.json", await ana.ProofAsync(revocation.StreamVersion));
        var (after, why) = await HoldsAsync("proof.json");
        Assert.Equal(1, after);
        Assert.Contains("it is revoked", why);
        Assert.Equal(1, (await HoldsAsync("revocation.json")).Code);

        Task WriteAsync(string name, string text) => File.WriteAllTextAsync(folder[name], text, TestContext.Current.CancellationToken);

        async Task<(int Code, string Said)> HoldsAsync(string proof)
        {
            using var output = new StringWriter();
            using var errors = new StringWriter();
            var node = (await hrms.HostAsync()).Embedded.LedgerRpcUrls[0].ToString();
            var code = await VerifierProgram.RunAsync(
                ["artefact", folder["consent.jws"], "--keys", folder["keys.json"], "--proof", folder[proof], "--rpc", node, "--json"], output, errors, TestContext.Current.CancellationToken);
            Assert.Equal("", errors.ToString());
            return (code, output.ToString());
        }
    }

    private static (string?, int) Status(string? artefact)
    {
        using var paper = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(artefact!.Split('.')[1]));
        return (paper.RootElement.GetProperty("status").GetString(), paper.RootElement.GetProperty("version").GetInt32());
    }

    private static async Task<string?> ArtefactAsync(Party asker, Guid patient, Guid consent, int? version = null) =>
        (await asker.AsksAsync(Question, new { id = patient, consent, version })).Patient.GetProperty("consentArtefact").GetString();

    private async Task<string> KeysAsync() =>
        await hrms.Http.GetStringAsync(new Uri((await hrms.HostAsync()).Url, "/.well-known/consent-keys.json"), TestContext.Current.CancellationToken);

    private static async Task<(int Code, string Said)> VerifyAsync(TemporaryFolder folder, byte[] artefact)
    {
        await File.WriteAllBytesAsync(folder["consent.jws"], artefact, TestContext.Current.CancellationToken);
        using var said = new StringWriter();
        using var errors = new StringWriter();
        var code = await VerifierProgram.RunAsync(["artefact", folder["consent.jws"], "--keys", folder["keys.json"], "--json"], said, errors, TestContext.Current.CancellationToken);
        Assert.Equal("", errors.ToString());
        return (code, said.ToString());
    }
}
