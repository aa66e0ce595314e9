using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hrms.Api.Fhir;

/// <summary>Writes one page of a FHIR <c>searchset</c> Bundle (http://hl7.org/fhir/R4/bundle.html), entry by entry, so that no more than a few entries wait in memory.</summary>
internal sealed class BundleWriter : IDisposable
{
    /// <summary>After how many bytes the writer wants them sent.</summary>
    public const int FlushSizeBytes = 64 * 1024;

    private readonly PipeWriter _output;
    private readonly Utf8JsonWriter _json;
    private readonly string _root;
    private long _sent;
    private bool _any;

    /// <param name="baseUrl">Of this server's FHIR endpoint: a fullUrl below it makes the relative references between the entries resolve.</param>
    public BundleWriter(PipeWriter output, Uri baseUrl) => (_output, _json, _root) = (
        output, new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }),
        baseUrl.AbsoluteUri.TrimEnd('/'));

    /// <summary>Whether enough was written to send it on.</summary>
    public bool IsFull => Length - _sent > FlushSizeBytes;

    /// <summary>Bytes so far, sent or not.</summary>
    public long Length => _json.BytesCommitted + _json.BytesPending;

    /// <param name="self">How the question was understood.</param>
    /// <param name="next">Where the next page is; null: this is the last.</param>
    public void Begin(Uri self, Uri? next)
    {
        _json.WriteStartObject();
        _json.WriteString("resourceType"u8, "Bundle"u8);
        _json.WriteString("type"u8, "searchset"u8);
        _json.WriteStartArray("link"u8);
        Link("self"u8, self);
        if (next is not null)
            Link("next"u8, next);
        _json.WriteEndArray();
    }

    /// <param name="isMatch">What was asked for; else it is there for what stands beside it.</param>
    public void WriteEntry(string type, Guid id, bool isMatch, Action<Utf8JsonWriter> resource)
    {
        if (!_any)
            _json.WriteStartArray("entry"u8);       // FHIR knows no empty array
        _any = true;
        _json.WriteStartObject();
        _json.WriteString("fullUrl"u8, $"{_root}/{type}/{id:D}");
        _json.WritePropertyName("resource"u8);
        resource(_json);
        _json.WriteStartObject("search"u8);
        _json.WriteString("mode"u8, isMatch ? "match"u8 : "include"u8);
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    public async Task FlushAsync(CancellationToken cancellation)
    {
        _json.Flush();
        _sent = _json.BytesCommitted;
        await _output.FlushAsync(cancellation);
    }

    public Task EndAsync(CancellationToken cancellation)
    {
        if (_any)
            _json.WriteEndArray();
        _json.WriteEndObject();
        return FlushAsync(cancellation);
    }

    public void Dispose() => _json.Dispose();

    private void Link(ReadOnlySpan<byte> relation, Uri url)
    {
        _json.WriteStartObject();
        _json.WriteString("relation"u8, relation);
        _json.WriteString("url"u8, url.AbsoluteUri);
        _json.WriteEndObject();
    }
}
