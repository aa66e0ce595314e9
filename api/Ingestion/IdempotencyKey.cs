using Hrms.Contracts;
using Microsoft.Extensions.Primitives;

namespace Hrms.Api.Ingestion;

/// <summary>
/// The header by which a sender names a call before it sends it (draft-ietf-httpapi-idempotency-key-header, section 2). A UUID is taken as
/// it is; any other text of visible ASCII names a command of its device.
/// </summary>
public static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    public const int LengthMax = 255;

    /// <summary>The command that a key names, or null when it is missing, given twice, too long or not visible ASCII.</summary>
    public static CommandId? Command(StringValues header, DeviceId device)
    {
        if (header is not [{ } text]) return null;
        var key = text is ['"', .. var inner, '"'] ? inner : text; // the draft quotes it, most senders don't
        if (key.Length is 0 or > LengthMax || key.Any(letter => letter is < '!' or > '~')) return null;
        return new CommandId(Guid.TryParseExact(key, "D", out var id) ? id : NameBasedId.Create("ingestion", $"{device}/{key}"));
    }
}
