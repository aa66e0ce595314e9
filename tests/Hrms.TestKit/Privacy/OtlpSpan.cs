using System.Text;

namespace Hrms.TestKit;

/// <summary>A span as a collector gets it (opentelemetry-proto, trace/v1/trace.proto). Read from the bytes themselves: what is looked at is what went over the wire.</summary>
/// <param name="Process">Which process told of it: <c>service.instance.id</c> of its resource.</param>
/// <param name="Attributes">The keys alone.</param>
/// <param name="Links">Traces that it says it belongs to, besides its own.</param>
public sealed record OtlpSpan(string Process, string TraceId, string SpanId, string ParentId, string Name, IReadOnlySet<string> Attributes, IReadOnlyList<string> Links)
{
    /// <summary>All spans of an <c>ExportTraceServiceRequest</c>.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such message.</exception>
    public static IEnumerable<OtlpSpan> Read(ReadOnlyMemory<byte> request)
    {
        foreach (var resourceSpans in Messages(request, 1))
        {
            var process = Messages(resourceSpans, 1).SelectMany(resource => Messages(resource, 1)).Where(attribute => Text(attribute, 1) == "service.instance.id")
                .Select(attribute => Text(Messages(attribute, 2).Single(), 1)).FirstOrDefault("");
            foreach (var span in Messages(resourceSpans, 2).SelectMany(scope => Messages(scope, 2)))
                yield return new OtlpSpan(
                    process, Id(span, 1), Id(span, 2), Id(span, 4), Text(span, 5), Messages(span, 9).Select(attribute => Text(attribute, 1)).ToHashSet(), [.. Messages(span, 13).Select(link => Id(link, 1))]);
        }
    }

    private static string Text(ReadOnlyMemory<byte> message, int field) => Encoding.UTF8.GetString(Messages(message, field).FirstOrDefault().Span);

    private static string Id(ReadOnlyMemory<byte> message, int field) => Convert.ToHexStringLower(Messages(message, field).FirstOrDefault().Span);

    /// <summary>The values of a field that has a length: texts, bytes and messages (protobuf.dev, "Encoding").</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> Messages(ReadOnlyMemory<byte> message, int field)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Number();
            switch (tag & 7)
            {
                case 0:
                    Number();
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    var length = (int)Number();
                    if (tag >> 3 == (ulong)field)
                        yield return message.Slice(at, length);
                    at += length;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"No protobuf at byte {at}.");
            }

            ulong Number()
            {
                var value = 0UL;
                for (var shift = 0; ; shift += 7)
                {
                    var part = message.Span[at++];
                    value |= (ulong)(part & 127) << shift;
                    if (part < 128)
                        return value;
                }
            }
        }
    }
}
