using Hrms.Contracts;

namespace Hrms.Api.GraphQL.PatientKeys;

/// <summary>The pages on which patients use their keys: for their domain authenticators sign, whatever a request says of itself. Registered by each composition.</summary>
/// <param name="address">Null: this server was not told.</param>
public sealed class PatientKeyPages(Func<Uri?> address)
{
    public RelyingParty? RelyingParty => address() is { } url ? new RelyingParty(url.Host, url.GetLeftPart(UriPartial.Authority)) : null;

    public static Refusal NotTold => new(RefusalCode.WrongState, "This server was not told the address of its pages (PublicUrl), so patients have no keys here.");
}
