using Hrms.Contracts;
using Hrms.Domain.Labels;

namespace Hrms.Grains.Patients;

/// <summary>Labels that people add and lower.</summary>
public sealed partial class PatientGrain
{
    public async Task<Outcome<RecordMetadata>> ChangeLabelAsync(ChangeLabel command)
    {
        var officerSees = await OfficerSeesAsync(command);
        return await CommandAsync(
            command.Asker, "changeLabel",
            () => LabelRules.Change(State, command, officerSees, Now),
            () => JudgeFor(command.Asker, AccessAction.View, []).Shown(State.Records.Find(command.Record)!.Metadata));
    }

    public Task<Outcome<IReadOnlyList<LabelChange>>> LabelHistoryAsync(Asker asker, RecordId record) => AskAsync(
        asker, AccessAction.View, "labelHistory", judge => judge.ActsAsPatient && State.Records.Find(record) is not null
            ? Answer.Of(judge.AsPatient, () => (IReadOnlyList<LabelChange>)State.Records.LabelChanges(record))
            : Answer.None<IReadOnlyList<LabelChange>>(judge));

    /// <summary>Whether the asker is the privacy officer of a registered organisation and may see the record as it is labelled now.</summary>
    private async Task<bool> OfficerSeesAsync(ChangeLabel command)
    {
        if (command.Asker.Actor.Kind != ActorKind.Practitioner || IsErased)
            return false;
        var memberships = await GrainFactory.GetGrain<IProviderGrain>(command.Asker.Actor.Id).MembershipsAsync();
        if (State.Records.Find(command.Record) is not { } record || !JudgeFor(command.Asker, AccessAction.View, memberships).Decide(record.Metadata).Permitted)
            return false;
        foreach (var office in memberships.Where(membership => membership.Role == Limits.PrivacyOfficerRole))
        {
            if (await GrainFactory.GetGrain<IProviderGrain>(office.Group.Value).ViewAsync() is { Succeeded: true, Value.Kind: ProviderKind.Organization })
                return true;
        }
        return false;
    }
}
