using System.Text.Json.Nodes;
using Hrms.TestKit;
using Hrms.Verifier;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>A stranger with the verifier program and the ledger's node.</summary>
public static class Verifying
{
    /// <summary>What the program tells of a bundle or a history; it has to be valid.</summary>
    public static async Task<JsonNode> VerifiesAsync(this HrmsFixture hrms, string proof)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["proof.json"], proof, TestContext.Current.CancellationToken);
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var node = (await hrms.HostAsync()).Embedded.LedgerRpcUrls[0].ToString();
        var exit = await VerifierProgram.RunAsync([folder["proof.json"], "--rpc", node, "--json"], output, errors, TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (exit, errors.ToString()));
        return JsonNode.Parse(output.ToString())!;
    }
}
