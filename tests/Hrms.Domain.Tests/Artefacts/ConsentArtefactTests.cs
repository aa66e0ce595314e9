using System.Text;
using Hrms.Contracts;
using Hrms.Domain.Artefacts;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Artefacts;

/// <summary>What a patient's signed paper says, word for word: whoever reads it knows nothing else of ours.</summary>
public sealed class ConsentArtefactTests
{
    [Fact, Trait("Feature", "22")]
    public void ThePaper_SaysWhatWasGiven_ByWhom_When_AndWhichEventHoldsIt()
    {
        var terms = Permit(Actor.Anyone, Only(DataClass.Allergies), [PurposeOfUse.ETREAT]).Valid(null, Now.AddYears(1));
        var version = new ConsentVersion(2, ConsentStatus.Active, terms, Now.ToOffset(TimeSpan.FromHours(1)), Actor.Patient(new PatientId(Guid.Empty)), 7, ImpactAcknowledged: true);

        var paper = Encoding.UTF8.GetString(CanonicalJson.Write(ConsentArtefact.Of(new PatientId(Guid.Empty), new ConsentId(Guid.Empty), version)));

        Assert.Equal(
            """
            {"at":"2026-03-01T12:00:00.0000000+00:00","by":"Patient/00000000-0000-0000-0000-000000000000","consent":"00000000-0000-0000-0000-000000000000","format":"hrms-consent/1","impactAcknowledged":true,"patient":"00000000-0000-0000-0000-000000000000","status":"Active","streamVersion":7,"terms":{"exceptions":[],"rule":{"actions":[],"data":{"authors":[],"classes":["Allergies"],"encounters":[],"labels":[],"narrows":true,"records":[]},"grantee":{"id":"00000000-0000-0000-0000-000000000000","kind":"Anyone"},"purposes":["ETREAT"],"type":"Permit"},"validity":{"until":"2027-03-01T12:00:00+00:00"}},"version":2}
            """,
            paper);
    }
}
