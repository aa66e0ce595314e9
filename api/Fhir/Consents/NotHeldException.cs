using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Fhir.Consents;

/// <summary>Ends the reading of a consent at what its terms can't hold; never leaves <see cref="ConsentReader"/>, which answers with the refusal.</summary>
internal sealed class NotHeldException(string place, string message) : Exception($"{place}: {message}")
{
    public Refusal Refusal { get; } = new(RefusalCode.Invalid, message, place);

    public static void If(bool wrong, string place, string message)
    {
        if (wrong)
            throw new NotHeldException(place, message);
    }

    public static void UnlessKnown(JsonElement element, string place, params IEnumerable<string> known)
    {
        var other = element.EnumerateObject().Select(property => property.Name).FirstOrDefault(name => !known.Contains(name));
        If(other is not null, $"{place}.{other}", "A consent can't hold this here. Leave it out, or say it in another way.");
    }
}
