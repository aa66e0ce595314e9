using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hrms.Api.Identity.Keys;
using Hrms.Contracts;

namespace Hrms.Api.Identity.Accounts;

/// <summary>What the link of an invitation says, sealed with the key file: nobody else makes one or reads the address in it. That it is good once is the organisation's grain's word.</summary>
/// <param name="Organization">Whose invitation it is; <see cref="Installation.Id"/> for operators and auditors.</param>
/// <param name="Practitioner">Whose account it will be; null: nobody's who is in the records.</param>
internal sealed record InvitationCode(InvitationId Invitation, InvitationKind Kind, ProviderId Organization, ProviderId? Practitioner, string Address, DateTimeOffset Until)
{
    public const string Page = "/account/invitation";

    private const string Purpose = "invitation";
    private const int TextLengthMax = 4_096;

    /// <summary>Follows from the invitation, or from the practitioner: two links never make two accounts of one, nor one link two.</summary>
    [JsonIgnore]
    public Guid Account => Practitioner is { } practitioner ? AccountKey.AccountOf(practitioner) : NameBasedId.Create("invited-account", $"invitation/{Invitation}");

    /// <summary>A code as it stands in a link's address.</summary>
    public string Seal(IKeyWrap wrap) => Base64Url.EncodeToString(wrap.Wrap(JsonSerializer.SerializeToUtf8Bytes(this), Purpose));

    public Uri LinkAt(Uri pages, IKeyWrap wrap) => new(pages, $"{Page}?code={Seal(wrap)}");

    public static bool TryOpen(string? text, IKeyWrap wrap, [NotNullWhen(true)] out InvitationCode? code)
    {
        code = text is { Length: > 0 and <= TextLengthMax } && Base64Url.IsValid(text) && wrap.TryUnwrap(Base64Url.DecodeFromChars(text), Purpose) is { } json
            ? JsonSerializer.Deserialize<InvitationCode>(json) : null;
        return code is not null;
    }
}
