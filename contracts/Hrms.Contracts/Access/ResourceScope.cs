using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hrms.Contracts;

/// <summary>What a scope lets an app do, by SMART's letters: create, read, update, delete, search.</summary>
[Flags, GenerateSerializer]
public enum ScopeInteractions
{
    None = 0,
    Create = 1,
    Read = 2,
    Update = 4,
    Delete = 8,
    Search = 16,
}

/// <summary>Whose data a scope is about.</summary>
[GenerateSerializer]
public enum ScopeContext
{
    /// <summary>The one patient that the token names.</summary>
    Patient = 1,
    /// <summary>Every record that the person behind the token may access.</summary>
    User = 2,
    /// <summary>Every record that the organisation or device behind the token may access, with nobody signed in.</summary>
    System = 3,
}

/// <summary>The category that a scope is narrowed to, as FHIR's token search writes it: <c>code</c>, <c>system|code</c> or <c>|code</c>.</summary>
/// <param name="System">Null: whichever; empty: none.</param>
[GenerateSerializer, Immutable, Alias("ScopeCategory")]
public sealed record ScopeCategory([property: Id(0)] string? System, [property: Id(1)] string Code)
{
    public bool IsOf(Code category) => category.Value == Code && (System is null || (category.System ?? "") == System);

    /// <summary>Whether every category that this one is about, the other is about, too.</summary>
    public bool IsWithin(ScopeCategory other) => Code == other.Code && (other.System is null || System == other.System);

    public override string ToString() => System is null ? Code : $"{System}|{Code}";
}

/// <summary>
/// One resource scope of SMART App Launch 2 ("Scopes for requesting FHIR Resources"): <c>patient/Observation.rs?category=laboratory</c>. Version 1's words (<c>.read</c>) and
/// search parameters other than <c>category</c> are none of ours.
/// </summary>
/// <param name="ResourceType">A FHIR resource type; null: all (<c>*</c>).</param>
/// <param name="Category">Null: whichever. Records of which no category is known are then left out.</param>
[GenerateSerializer, Immutable, Alias("ResourceScope"), JsonConverter(typeof(ResourceScopeJsonConverter))]
public sealed record ResourceScope(
    [property: Id(0)] ScopeContext Context, [property: Id(1)] string? ResourceType, [property: Id(2)] ScopeInteractions Interactions, [property: Id(3)] ScopeCategory? Category = null)
{
    private const string Letters = "cruds", CategoryParameter = "?category=";
    private const int LengthMax = 256;

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ResourceScope? scope)
    {
        scope = null;
        if (text is null || text.Length > LengthMax || text.IndexOf('/') is not (> 0 and var slash) || text.IndexOf('.', slash) is not (> 0 and var dot))
            return false;
        ScopeContext? context = text[..slash] switch { "patient" => ScopeContext.Patient, "user" => ScopeContext.User, "system" => ScopeContext.System, _ => null };
        var type = text[(slash + 1)..dot];
        var question = text.IndexOf(CategoryParameter, dot, StringComparison.Ordinal);
        if (context is null || !(type == "*" || IsType(type)) || !TryLetters(text.AsSpan(dot + 1, (question < 0 ? text.Length : question) - dot - 1), out var interactions))
            return false;
        ScopeCategory? category = null;
        // Which parameters there are depends on the type: one of all types would narrow nothing where it is none.
        if (question >= 0 && (type == "*" || !TryCategory(text[(question + CategoryParameter.Length)..], out category)))
            return false;
        scope = new ResourceScope(context.Value, type == "*" ? null : type, interactions, category);
        return true;
    }

    /// <summary>Whether it is about a record of this type and these categories.</summary>
    public bool IsAbout(string? resourceType, IReadOnlyList<Code>? categories) =>
        (ResourceType is null || ResourceType == resourceType) && (Category is null || categories?.Any(Category.IsOf) == true);

    /// <summary>Whether everything that this one allows, the other allows, too.</summary>
    public bool IsWithin(ResourceScope other) =>
        Context == other.Context && (other.ResourceType is null || ResourceType == other.ResourceType) && (Interactions & ~other.Interactions) == ScopeInteractions.None
        && (other.Category is null || Category?.IsWithin(other.Category) == true);

    public override string ToString() =>
        $"{Context.ToString().ToLowerInvariant()}/{ResourceType ?? "*"}.{string.Concat(Letters.Where((_, i) => Interactions.HasFlag((ScopeInteractions)(1 << i))))}"
        + (Category is null ? "" : $"{CategoryParameter}{Category}");

    private static bool IsType(string type) => type.Length > 0 && char.IsAsciiLetterUpper(type[0]) && type.All(char.IsAsciiLetter);

    /// <summary>Each letter at most once, in their order: a scope has one way to be written.</summary>
    private static bool TryLetters(ReadOnlySpan<char> text, out ScopeInteractions interactions)
    {
        (interactions, var last) = (ScopeInteractions.None, -1);
        foreach (var letter in text)
        {
            var at = Letters.IndexOf(letter);
            if (at <= last)
                return false;
            (interactions, last) = (interactions | (ScopeInteractions)(1 << at), at);
        }
        return interactions != ScopeInteractions.None;
    }

    private static bool TryCategory(string text, [NotNullWhen(true)] out ScopeCategory? category)
    {
        var bar = text.LastIndexOf('|');
        category = new ScopeCategory(bar < 0 ? null : text[..bar], text[(bar + 1)..]);
        // What FHIR's search gives a meaning of its own: several values, further parameters, escapes.
        return category.Code.Length > 0 && text.Count(letter => letter == '|') <= 1 && text.All(letter => letter is > ' ' and < '\x7F' && !",&\\%\"?#".Contains(letter));
    }
}

/// <summary>As the one text, wherever there is JSON.</summary>
public sealed class ResourceScopeJsonConverter : JsonConverter<ResourceScope>
{
    public override ResourceScope Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ResourceScope.TryParse(reader.GetString(), out var scope) ? scope : throw new JsonException("This is no resource scope.");

    public override void Write(Utf8JsonWriter writer, ResourceScope value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
