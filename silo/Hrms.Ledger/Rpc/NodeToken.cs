using System.Net.Http.Headers;

namespace Hrms.Ledger.Rpc;

/// <summary>
/// Adds the bearer token of a file to each call (RFC 6750, section 2.1), as Besu's JSON-RPC authentication wants it. The file is looked at for each call: who renews the
/// token writes the file anew, and nothing is restarted.
/// </summary>
internal sealed class NodeToken(string path) : DelegatingHandler
{
    private (DateTime At, string Token)? _read;

    /// <exception cref="HttpRequestException">The file is missing, empty or readable to others: the call fails as if the node had refused it, and is made again later.</exception>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Current());
        return base.SendAsync(request, cancellationToken);
    }

    private string Current()
    {
        try
        {
            var written = File.GetLastWriteTimeUtc(path);
            if (_read is { } read && read.At == written)
                return read.Token;
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != 0)
                throw new HttpRequestException($"Others than its owner may read the ledger's token file {path}. Run: chmod 600 '{path}'");
            var token = File.ReadAllText(path).Trim();
            if (token.Length == 0 || token.AsSpan().ContainsAny(' ', '\n', '\r'))
                throw new HttpRequestException($"The ledger's token file {path} does not hold one token and nothing else.");
            _read = (written, token);
            return token;
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new HttpRequestException($"The ledger's token file {path} can't be read: {missing.Message}", missing);
        }
    }
}
