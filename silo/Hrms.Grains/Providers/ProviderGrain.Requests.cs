using Hrms.Contracts;
using Hrms.Domain.Patients;
using Hrms.Domain.Requests;

namespace Hrms.Grains.Providers;

/// <summary>Requests for consents: what was asked is this provider's own, what became of it is asked at the patient's grain.</summary>
public sealed partial class ProviderGrain
{
    public async Task<Outcome<ConsentRequestView>> RequestConsentAsync(RequestConsent command)
    {
        var decided = RequestRules.Ask(State, Id, command, Now);
        if (decided.Refusal is { } refusal)
            return await ConfirmedAsync(refusal);
        if (await IsEndedAsync(command.Asker))
            return TokenRules.TokenEnded;
        var id = RequestId.From(command.Command, command.Asker.Actor);
        var request = decided.Events is [Domain.Providers.ConsentAsked asked] ? asked.Request : State.Requests[id.Value].Request;
        // Told again when we knew it already: an earlier try may have ended between the two. Both at once, so that the answer takes no longer when there is such a patient.
        await Task.WhenAll(Patient(request).ReceiveRequestAsync(request), decided.Events.Count > 0 ? CommitAsync(decided.Events) : Task.CompletedTask);
        return await ViewAsync(State.Requests[id.Value]);
    }

    public async Task<Outcome<ConsentRequestView>> WithdrawRequestAsync(WithdrawRequest command)
    {
        if (await IsEndedAsync(command.Asker))
            return TokenRules.TokenEnded;
        // The patient's grain first: what was approved meanwhile stays approved.
        var atPatient = State.Requests.TryGetValue(command.Request.Value, out var asked) && asked.WithdrawnAt is null && RequestRules.IsSelf(State, Id, command.Asker)
            ? await Patient(asked.Request).WithdrawRequestAsync(asked.Request.By, command.Request)
            : null;
        var decided = RequestRules.Withdraw(State, Id, command, atPatient, Now);
        if (decided.Refusal is { } refusal)
            return await ConfirmedAsync(refusal);
        if (decided.Events.Count > 0)
            await CommitAsync(decided.Events);
        return await ViewAsync(State.Requests[command.Request.Value]);
    }

    public async Task<IReadOnlyList<ConsentRequestView>> ConsentRequestsAsync(DateTimeOffset? before) => await Task.WhenAll(
        State.Requests.Values.Where(request => before is null || request.Request.At < before)
            .OrderByDescending(request => request.Request.At).ThenBy(request => request.Request.Id.Value).Take(Limits.PageSizeMax).Select(ViewAsync));

    private async Task<ConsentRequestView> ViewAsync(AskedRequest asked) => asked.ViewAt(
        Now, asked.WithdrawnAt is null ? await Patient(asked.Request).RequestOfAsync(asked.Request.By, asked.Request.Id) : null);

    private IPatientGrain Patient(ConsentRequest request) => GrainFactory.GetGrain<IPatientGrain>(request.Patient.Value);
}
