using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;

namespace Hrms.Grains.Patients;

/// <summary>Consents that are ready to be given.</summary>
public sealed partial class PatientGrain
{
    public Task<Outcome<ConsentView>> GrantFromTemplateAsync(GrantFromTemplate command) => CommandAsync(
        command.Asker, "grantFromTemplate",
        () => TemplateRules.Grant(State, command, Now, Services.Entropy.Bytes(Nullifier.SecretBytes)),
        () => State.Consents.Find(ConsentId.From(command.Command))!.View(), ConsentChanged);

    public Task<Outcome<ConsentTemplate>> SaveTemplateAsync(SaveTemplate command) => CommandAsync(
        command.Asker, "saveConsentTemplate",
        () => TemplateRules.Save(State, command, Now),
        () => State.Templates.Find(template => template.Code == TemplateRules.CodeOf(command.Command))!);

    public Task<Outcome<IReadOnlyList<ConsentTemplate>>> TemplatesAsync(Asker asker) => AskAsync(
        asker, AccessAction.View, "consentTemplates", judge => judge.ActsAsPatient
            ? Answer.Of(judge.AsPatient, () => TemplateRules.Of(State))
            : Answer.None<IReadOnlyList<ConsentTemplate>>(judge));
}
