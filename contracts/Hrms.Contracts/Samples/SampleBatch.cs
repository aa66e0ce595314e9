namespace Hrms.Contracts;

/// <summary>
/// What one ingestion call carried, item by item in the order sent, as flat arrays of equal length: a batch of 10,000 crosses to the grain
/// without 10,000 objects. Nothing is judged yet: what could not be read is <see cref="SampleKind.Unknown"/>,
/// <see cref="UnreadableTime"/>, NaN or
/// <see cref="SampleUnit.Foreign"/> and is rejected, with its index, by the domain. Made by the ingestion edge, taken by the device's
/// grain.
/// </summary>
/// <param name="Command">From the call's idempotency key.</param>
/// <param name="Fingerprint">SHA-256 of the decompressed body: tells a repeat of the command from another body under the same key.</param>
/// <param name="Times">Milliseconds since 1970-01-01T00:00:00Z; finer parts are cut off.</param>
/// <param name="Values">In <paramref name="Units"/>, as sent.</param>
/// <param name="Signed">SHA-256 of what the device signed (RFC 9421's signature base): under one signature something is stored once.</param>
[GenerateSerializer, Immutable, Alias("SampleBatch")]
public sealed record SampleBatch(
    [property: Id(0)] CommandId Command,
    [property: Id(1)] byte[] Fingerprint,
    [property: Id(2)] SampleKind[] Kinds,
    [property: Id(3)] long[] Times,
    [property: Id(4)] double[] Values,
    [property: Id(5)] SampleUnit[] Units,
    [property: Id(6)] byte[]? Signed = null)
{
    /// <summary>Stands in <see cref="Times"/> for a time that could not be read.</summary>
    public const long UnreadableTime = long.MinValue;

    public int Count => Times.Length;
}
