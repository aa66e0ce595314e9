using System.Text;
using Hrms.Contracts;
using Hrms.Domain.Artefacts;
using Hrms.Domain.Consents;
using Hrms.Domain.PatientKeys;

namespace Hrms.Grains.Patients;

/// <summary>Consents as signed papers that the patient takes along. Only for the patient.</summary>
public sealed partial class PatientGrain
{
    public Task<Outcome<string>> ConsentArtefactAsync(Asker asker, ConsentId consent, int? version) => AskAsync(
        asker, AccessAction.Export, "consentArtefact",
        judge => judge.ActsAsPatient && State.Consents.Find(consent) is { } found && VersionOf(found, version) is { } wanted
            ? Answer.Of<string>(judge.AsPatient, [], async () => await SignedAsync(consent, wanted))
            : Answer.None<string>(judge));

    private static ConsentVersion? VersionOf(Consent consent, int? version) => consent.History.LastOrDefault(one => version is null || one.Version == version);

    private async Task<string> SignedAsync(ConsentId consent, ConsentVersion version)
    {
        var paper = ConsentArtefact.Of(Id, consent, version);
        if (await SignatureAsync(consent, version.Version) is { } signature)
            paper[PatientSignature.Member] = signature.ToJson();
        var unsigned = Jws.Unsigned(paper, Services.MemberKeys.KeyId);
        return Jws.Signed(unsigned, await Services.MemberKeys.SignAsync(Encoding.ASCII.GetBytes(unsigned), CancellationToken.None));
    }
}
