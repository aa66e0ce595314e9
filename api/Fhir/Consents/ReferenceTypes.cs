using System.Text.Json.Nodes;

namespace Hrms.Api.Fhir.Consents;

/// <summary>
/// Of which FHIR type a resource was called in the provision that a consent was given by: terms keep the id alone, and one id may be of several types. Used to write
/// the consent back in the words that it came in.
/// </summary>
internal sealed class ReferenceTypes
{
    public static readonly ReferenceTypes None = new();

    private readonly Dictionary<(string Place, Guid Id), string> _types = [];

    public static ReferenceTypes In(JsonNode? provision)
    {
        var types = new ReferenceTypes();
        types.Collect(provision);
        return types;
    }

    /// <param name="place">The meaning under which data were named, or <c>actor</c>.</param>
    public string? Find(string place, Guid id) => _types.GetValueOrDefault((place, id));

    private void Collect(JsonNode? provision)
    {
        foreach (var actor in provision?["actor"]?.AsArray() ?? [])
            Add("actor", actor);
        foreach (var data in provision?["data"]?.AsArray() ?? [])
            Add((string?)data?["meaning"] ?? "", data);
        foreach (var exception in provision?["provision"]?.AsArray() ?? [])
            Collect(exception);
    }

    private void Add(string place, JsonNode? named)
    {
        if ((string?)named?["reference"]?["reference"] is { } reference && DataReader.Split(reference) is var (type, id) && type.Length > 0)
            _types[(place, id)] = type;
    }
}
