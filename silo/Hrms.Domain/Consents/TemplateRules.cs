using Hrms.Contracts;
using Hrms.Domain.Patients;

namespace Hrms.Domain.Consents;

/// <summary>Giving and keeping templates. A template gives nothing that its terms, written by hand, would not give.</summary>
public static class TemplateRules
{
    public const int OwnMax = 200, NameLengthMax = 200;

    public static IReadOnlyList<ConsentTemplate> Of(PatientState state) => [.. ConsentTemplates.All, .. state.Templates];

    public static Decided<PatientEvent> Grant(PatientState state, GrantFromTemplate command, DateTimeOffset now, byte[] secret)
    {
        if (!ConsentRules.MayAct(state, command.Asker, now))
            return Refusal.NotFound("No such patient.");
        return Of(state).FirstOrDefault(template => template.Code == command.Template) is { } template
            ? ConsentRules.Grant(
                state, new GrantConsent(command.Command, command.Asker, template.For(command.Grantee, command.Validity), command.ImpactAcknowledged), now, secret)
            : Refusal.NotFound("No such template.");
    }

    public static Decided<PatientEvent> Save(PatientState state, SaveTemplate command, DateTimeOffset now)
    {
        if (!ConsentRules.MayAct(state, command.Asker, now))
            return Refusal.NotFound("No such patient.");
        if (state.Templates.Find(template => template.Code == CodeOf(command.Command)) is { } existing)
        {
            return existing.Name == command.Name
                ? Decided<PatientEvent>.AlreadyDone
                : new Refusal(RefusalCode.CommandReused, "This command id was used for another template. Use a new one.", "commandId");
        }
        if (state.Consents.Find(command.Consent) is not { } consent)
            return Refusal.NotFound("No such consent.");
        if (string.IsNullOrWhiteSpace(command.Name) || command.Name.Length > NameLengthMax)
            return new Refusal(RefusalCode.Invalid, $"A template has a name of 1 to {NameLengthMax} characters.", "name");
        if (state.Templates.Count >= OwnMax)
            return new Refusal(RefusalCode.LimitExceeded, $"A patient has at most {OwnMax} templates.");
        return new TemplateSaved(now, CodeOf(command.Command), command.Name, consent.Terms);
    }

    public static string CodeOf(CommandId command) => NameBasedId.Create("template", command.ToString()).ToString();
}
