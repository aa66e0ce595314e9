using System.Buffers;
using System.IO.Compression;
using Hrms.Api.Budgets;
using Hrms.Api.Ingestion.Signatures;
using Hrms.Contracts;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Hrms.Api.Ingestion;

/// <summary>The decompressed body of a call in a rented array, which is cleared when it goes back: it holds health data.</summary>
internal sealed class SampleBody : IDisposable
{
    private const int FirstBytes = 16 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstBytes);
    private int _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>True for NDJSON, false for JSON, null for a media type or encoding that is not taken.</summary>
    public static bool? IsLines(HttpRequest request)
    {
        if (Encoding(request) is not ("" or "gzip" or "identity")) return null;
        if (!HeaderLimits.IsShort(request.Headers.ContentType) || !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)) return null;
        if (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)) return null;
        return type.MediaType.Value?.ToLowerInvariant() switch
        {
            "application/json" => false,
            "application/x-ndjson" or "application/ndjson" => true,
            _ => null,
        };
    }

    /// <summary>Reads all of a body whose type <see cref="IsLines"/> takes. What it unpacks to is limited while it unpacks; what came must have the digest that the request names.</summary>
    /// <returns>Null, or why there is no body.</returns>
    public async ValueTask<IngestionProblem?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > SampleLimits.BodyBytesMax) return IngestionProblem.TooLarge;
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = SampleLimits.BodyBytesMax;
        await using var content = new DigestingStream(request.Body);
        try
        {
            var problem = await UnpackAsync(content, Encoding(request) == "gzip", cancellationToken);
            // First of all: what is wrong with bytes that the device did not sign, is nobody's business.
            return ContentDigest.Sha256Of(request.Headers[ContentDigest.Header]) is { } digest && !await content.EndsWithAsync(digest, cancellationToken)
                ? IngestionProblem.NotSigned(SignedRequest.OfUpload) : problem;
        }
        catch (BadHttpRequestException refused) when (refused.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return IngestionProblem.TooLarge;
        }
    }

    private async ValueTask<IngestionProblem?> UnpackAsync(Stream content, bool compressed, CancellationToken cancellationToken)
    {
        await using var unpacked = compressed ? new GZipStream(content, CompressionMode.Decompress, leaveOpen: true) : null;
        try
        {
            return await FillAsync(unpacked ?? content, cancellationToken) ? null : IngestionProblem.TooLarge;
        }
        catch (InvalidDataException) when (compressed)
        {
            return IngestionProblem.Malformed("The body is not gzip, or not all of it.", "Content-Encoding");
        }
    }

    public void Dispose() => Swap([]);

    private async ValueTask<bool> FillAsync(Stream source, CancellationToken cancellationToken)
    {
        while (await source.ReadAsync(_bytes.AsMemory(_length), cancellationToken) is > 0 and var read)
        {
            _length += read;
            if (_length > SampleLimits.BodyBytesMax) return false;
            if (_length < _bytes.Length) continue;
            var larger = ArrayPool<byte>.Shared.Rent(2 * _bytes.Length);
            Bytes.CopyTo(larger);
            Swap(larger);
        }
        return true;
    }

    private void Swap(byte[] other)
    {
        var bytes = Interlocked.Exchange(ref _bytes, other);
        if (bytes.Length == 0) return;
        bytes.AsSpan(0, _length).Clear();
        ArrayPool<byte>.Shared.Return(bytes);
        _length = Math.Min(_length, other.Length);
    }

    private static string Encoding(HttpRequest request) => request.Headers.ContentEncoding.ToString().ToLowerInvariant();
}
