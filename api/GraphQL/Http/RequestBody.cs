namespace Hrms.Api.GraphQL.Http;

/// <summary>Reads a request body into one array of its own: variables keep slices of it for as long as a resolver needs them.</summary>
internal static class RequestBody
{
    private const int FirstGuessBytes = 16_384;

    /// <summary>What is held for a body of which nothing has come: who says that much will come need not send it.</summary>
    private const int FirstGuessMaxBytes = 1 << 16;

    /// <summary>The body, or null when it is larger than <paramref name="sizeMaxBytes"/>.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, int sizeMaxBytes, CancellationToken cancellation)
    {
        if (request.ContentLength > sizeMaxBytes)
            return null;
        var bytes = GC.AllocateUninitializedArray<byte>((int)Math.Min(request.ContentLength ?? FirstGuessBytes, FirstGuessMaxBytes));
        var length = 0;
        while (true)
        {
            if (length == bytes.Length)
            {
                if (length == request.ContentLength)
                    return bytes;
                if (length > sizeMaxBytes)
                    return null;
                Array.Resize(ref bytes, (int)Math.Min(Math.Max(length, FirstGuessBytes) * 2L, request.ContentLength ?? sizeMaxBytes + 1L));
            }
            var read = await request.Body.ReadAsync(bytes.AsMemory(length), cancellation);
            if (read == 0)
                return length > sizeMaxBytes ? null : bytes.AsMemory(0, length);
            length += read;
        }
    }
}
