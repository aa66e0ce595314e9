using CsCheck;
using Hrms.Contracts;
using Hrms.Domain.Consents;

namespace Hrms.Domain.Tests.Consents;

/// <summary>With whom a patient shares, and until when, is kept along; it says what looking through all consents would say.</summary>
public sealed class SharesUntilTests
{
    private static readonly Actor[] Grantees = [.. Enumerable.Range(1, 3).Select(i => Actor.Practitioner(new ProviderId(new Guid(i, 0, 0, new byte[8]))))];

    /// <summary>Which consent, to whom, whether it permits, whether it is taken back, when it ends (0: never).</summary>
    private static readonly Gen<Consent> Change = Gen.Select(
        Gen.Int[1, 4], Gen.Int[0, 2], Gen.Bool, Gen.Bool, Gen.Int[0, 3], (id, grantee, permits, revoked, end) => new Consent(
            new ConsentId(new Guid(id, 1, 0, new byte[8])), 1,
            new ConsentTerms(new Provision(permits ? ProvisionType.Permit : ProvisionType.Deny, Grantees[grantee], [], [], DataFilter.All), [], new Period(null, end == 0 ? null : DateTimeOffset.UnixEpoch.AddDays(end))),
            DateTimeOffset.UnixEpoch, revoked ? DateTimeOffset.UnixEpoch : null, 1, []));

    [Fact, Trait("Feature", "2")]
    public void TheEnd_IsWhatLookingThroughAllConsentsSays() => Change.List[0, 20].Sample(
        changes =>
        {
            var book = ConsentBook.Empty;
            foreach (var consent in changes)
            {
                book = book.With(consent);
                var restored = ConsentBook.Empty with { Consents = book.Consents };
                foreach (var grantee in Grantees)
                {
                    var until = book.Consents.Values.Where(one => one.RevokedAt is null && one.Terms.Rule.Type == ProvisionType.Permit && one.Terms.Rule.Grantee == grantee)
                        .Max(one => (DateTimeOffset?)(one.Terms.Validity.Until ?? DateTimeOffset.MaxValue));
                    Assert.Equal((until, until), (book.SharesUntil(grantee), restored.SharesUntil(grantee)));
                }
            }
        }, iter: RandomCases.Of(2_000));
}
