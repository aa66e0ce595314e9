namespace Hrms.Contracts;

/// <summary>What a provider's own grain says of it at this moment, to whomever it comes: patients' grains at each question, the token endpoint, the edges.</summary>
/// <param name="Memberships">Of a practitioner: the organisations and care teams it belongs to.</param>
/// <param name="Tokens">Which of its tokens are still good; of an organisation that was excluded, none ever.</param>
/// <param name="IsAdmitted">Of an organisation: the consortium admitted it.</param>
[GenerateSerializer, Immutable, Alias("ProviderStanding")]
public sealed record ProviderStanding(
    [property: Id(0)] IReadOnlyList<Membership> Memberships, [property: Id(1)] TokenEpoch Tokens, [property: Id(2)] bool IsAdmitted);
