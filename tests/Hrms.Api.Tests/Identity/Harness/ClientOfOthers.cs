using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace Hrms.Api.Tests.Identity;

/// <summary>A program of the folder <c>oauth-client</c>, which completes a flow by a library of others. It prints where the person's browser goes and is told where it came back.</summary>
internal sealed class ClientOfOthers : IDisposable
{
    private readonly Process _node;
    private readonly Task<string> _errors;

    public ClientOfOthers(string program, params IEnumerable<string> arguments)
    {
        var folder = typeof(ClientOfOthers).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "OAuthClientFolder").Value!;
        _node = Process.Start(new ProcessStartInfo("node", [program, .. arguments])
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        _errors = _node.StandardError.ReadToEndAsync();
    }

    public Task TellsAsync(string line) => _node.StandardInput.WriteLineAsync(line);

    public async Task<Uri> QuestionAsync() =>
        new(await _node.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new InvalidOperationException(await _errors));

    /// <summary>What it has in the end.</summary>
    public async Task<JsonElement> EndsAsync()
    {
        _node.StandardInput.Close();
        var printed = await _node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await _node.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(_node.ExitCode == 0, await _errors);
        return JsonElement.Parse(printed);
    }

    public void Dispose()
    {
        if (!_node.HasExited)
            _node.Kill();
        _node.Dispose();
    }
}
