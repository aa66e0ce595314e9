using System.Text;
using System.Text.Json;

namespace Hrms.Api.Tests.Fhir;

/// <summary>
/// A resource as text that is the same for the same content: properties sorted, numbers digit by digit as written. Ids and
/// references go through the functions given. Written apart from the code under test, so that it can find its errors.
/// </summary>
internal sealed class NormalForm(Func<string, string> reference, Func<string, string> id)
{
    private readonly StringBuilder _text = new();

    public string Of(JsonElement resource)
    {
        Write(resource, name: "", depth: 0);
        return _text.ToString();
    }

    private void Write(JsonElement element, string name, int depth)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    _text.Append('\n').Append(' ', depth).Append(property.Name).Append(": ");
                    Write(property.Value, property.Name, depth + 1);
                }
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    _text.Append('\n').Append(' ', depth).Append("- ");
                    Write(item, name, depth + 1);
                }
                break;
            case JsonValueKind.String:
                var value = element.GetString()!;
                _text.Append(name == "reference" ? reference(value) : name == "id" && depth == 1 ? id(value) : value);
                break;
            default:
                _text.Append(element.GetRawText());
                break;
        }
    }
}
