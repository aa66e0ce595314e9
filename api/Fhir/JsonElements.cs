using System.Text.Json;

namespace Hrms.Api.Fhir;

/// <summary>Short ways to look into FHIR JSON whose shape was checked before.</summary>
internal static class JsonElements
{
    /// <summary>The text of a property, or null when the element is no object or has no such text.</summary>
    public static string? Text(this JsonElement element, string property) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(property, out var value)
        && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The items of a property: of an array each, of a single value itself, of an absent one none.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string property) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(property, out var value) ? value.Items() : [];

    public static IEnumerable<JsonElement> Items(this JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [value];
}
