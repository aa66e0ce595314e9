using System.Text.Json.Nodes;
using Hrms.Contracts;
using Hrms.Verifier;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>Bundles that a patient has taken home before our servers went off. Only the ledger's node is left.</summary>
public sealed class Evidence : IAsyncDisposable
{
    private readonly HrmsFixture _hrms = new();
    private readonly Lazy<Task<Bundles>> _bundles;

    public Evidence() => _bundles = new Lazy<Task<Bundles>>(GatherAsync);

    public sealed record Bundles(string Consent, string RevokedConsent, string Revocation, string Record, string Amendment, string Access, string Denial, Uri Node);

    public async Task<Bundles> BundlesAsync()
    {
        TestKit.EmbeddedPrograms.SkipWhenMissing();
        return await _bundles.Value;
    }

    public ValueTask DisposeAsync() => _hrms.DisposeAsync();

    private async Task<Bundles> GatherAsync()
    {
        var (ana, drLee, drNo) = (await _hrms.PatientAsync(), await _hrms.PractitionerAsync(), await _hrms.PractitionerAsync());
        var lab = await ana.AddsRecordAsync(Clinic.LabResult(percent: 5.4));
        var amended = Entry.Of((await ana.AmendsAsync(ana, lab.Id, 1, Clinic.LabResult(percent: 6.1))).Done().Payload.GetProperty("record"));
        var (consent, withdrawn) = (await ana.GrantsAsync(drLee, DataClass.Laboratory), await ana.GrantsAsync(drNo, DataClass.Laboratory));
        var revocation = await ana.RevokesAsync(withdrawn);
        await drLee.ReadsAsync(ana, lab.Id);
        await drNo.ReadsAsync(ana, lab.Id);
        var (look, denial) = ((await ana.HistoryOfAsync(drLee))[0].StreamVersion, (await ana.HistoryOfAsync(drNo))[0].StreamVersion);
        var bundles = new Bundles(
            await ana.ProofAsync(consent.StreamVersion), await ana.ProofAsync(withdrawn.StreamVersion), await ana.ProofAsync(revocation.StreamVersion),
            await ana.ProofAsync(lab.StreamVersion), await ana.ProofAsync(amended.StreamVersion), await ana.ProofAsync(look), await ana.ProofAsync(denial),
            (await _hrms.HostAsync()).Embedded.LedgerRpcUrls[0]);
        await _hrms.StopServersAsync();
        return bundles;
    }
}

/// <summary>A stranger with the verifier and a node checks what the patient shows.</summary>
public sealed class ProofTests(Evidence evidence) : IClassFixture<Evidence>
{
    [Fact, Trait("Feature", "44")]
    public async Task Consent_IsProvenWithTheServersOff()
    {
        var bundles = await evidence.BundlesAsync();

        var (exit, answer) = await VerifyAsync(bundles.Consent, bundles.Node);

        Assert.Equal((0, true, "consent"), (exit, answer["valid"]!.GetValue<bool>(), answer["kind"]!.GetValue<string>()));
    }

    [Fact, Trait("Feature", "44")]
    public async Task RecordVersions_AreProvenWithTheirContent()
    {
        var bundles = await evidence.BundlesAsync();

        var contents = await Task.WhenAll(new[] { bundles.Record, bundles.Amendment }.Select(async bundle => ContentOf((await VerifyAsync(bundle, bundles.Node)).Answer)));

        Assert.Equal([5.4, 6.1], contents.Select(content => content["valueQuantity"]!["value"]!.GetValue<double>()));
    }

    [Fact, Trait("Feature", "44")]
    public async Task AccessLines_AreProvenWithWhoLookedAndWhy()
    {
        var bundles = await evidence.BundlesAsync();

        var (looked, look) = await VerifyAsync(bundles.Access, bundles.Node);
        var (denied, denial) = await VerifyAsync(bundles.Denial, bundles.Node);

        Assert.Equal((0, 0), (looked, denied));
        Assert.Contains("\"permitted\":true", look["event"]!.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\"permitted\":false", denial["event"]!.ToJsonString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact, Trait("Feature", "44")]
    public async Task RevokedConsent_IsProvenToBeRevoked()
    {
        var bundles = await evidence.BundlesAsync();

        var (exit, answer) = await VerifyAsync(bundles.RevokedConsent, bundles.Node);

        Assert.Equal((1, "ConsentRevoked"), (exit, answer["fault"]!.GetValue<string>()));
        Assert.Equal(0, (await VerifyAsync(bundles.Revocation, bundles.Node)).Exit);
    }

    [Theory, Trait("Feature", "44")]
    [InlineData("salt")]
    [InlineData("leaf")]
    [InlineData("ciphertext")]
    [InlineData("eventKey")]
    public async Task FlippedByte_IsNotValid(string member)
    {
        var bundles = await evidence.BundlesAsync();
        var bundle = JsonNode.Parse(bundles.Access)!;
        var text = bundle[member]!.GetValue<string>();
        var at = text.Length / 2;
        bundle[member] = $"{text[..at]}{(text[at] == 'a' ? 'b' : 'a')}{text[(at + 1)..]}";

        var (exit, answer) = await VerifyAsync(bundle.ToJsonString(), bundles.Node);

        Assert.Equal((1, false), (exit, answer["valid"]!.GetValue<bool>()));
    }

    private static JsonNode ContentOf(JsonNode answer) => JsonNode.Parse(Convert.FromBase64String(answer["content"]!.GetValue<string>()))!;

    private static async Task<(int Exit, JsonNode Answer)> VerifyAsync(string bundle, Uri node)
    {
        using var folder = new TestKit.TemporaryFolder();
        await File.WriteAllTextAsync(folder["bundle.json"], bundle, TestContext.Current.CancellationToken);
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var exit = await VerifierProgram.RunAsync([folder["bundle.json"], "--rpc", node.ToString(), "--json"], output, errors, TestContext.Current.CancellationToken);
        Assert.Equal("", errors.ToString());
        return (exit, JsonNode.Parse(output.ToString())!);
    }
}
