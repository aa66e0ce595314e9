using System.Buffers;
using System.Globalization;
using System.Text;

namespace Hrms.Load.Running;

/// <summary>A request as bytes, in a buffer that is used again and again.</summary>
internal sealed class RequestBytes(Uri server)
{
    private readonly ArrayBufferWriter<byte> _request = new();

    /// <param name="token">Null: none is sent.</param>
    /// <param name="headers">Further lines, each ended by CRLF.</param>
    /// <returns>Good until the next call.</returns>
    public ReadOnlyMemory<byte> Get(string path, string? token, string headers = "")
    {
        _request.ResetWrittenCount();
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {server.Authority}\r\n{(token is null ? "" : $"Authorization: Bearer {token}\r\n")}Accept: application/json\r\n{headers}\r\n", _request);
        return _request.WrittenMemory;
    }

    /// <param name="token">Null: none is sent.</param>
    /// <param name="headers">Further lines, each ended by CRLF.</param>
    /// <returns>Good until the next call.</returns>
    public ReadOnlyMemory<byte> Post(string path, string? token, string contentType, ReadOnlySpan<byte> body, string headers = "")
    {
        _request.ResetWrittenCount();
        Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture,
                $"POST {path} HTTP/1.1\r\nHost: {server.Authority}\r\n{(token is null ? "" : $"Authorization: Bearer {token}\r\n")}Content-Type: {contentType}\r\nAccept: application/json\r\n{headers}Content-Length: {body.Length}\r\n\r\n"),
            _request);
        _request.Write(body);
        return _request.WrittenMemory;
    }
}
