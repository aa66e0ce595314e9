using Hrms.Contracts;
using Hrms.Domain.Patients;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Domain.Requests;

namespace Hrms.Grains.Patients;

/// <summary>What others ask for. The truth about what became of a request is here.</summary>
public sealed partial class PatientGrain
{
    public Task<Outcome<ConsentView>> ApproveRequestAsync(ApproveRequest command) => CommandAsync(
        command.Asker, "approveConsentRequest",
        () => RequestRules.Approve(State, command, Now, Services.Entropy.Bytes(Nullifier.SecretBytes)),
        () => State.Consents.Find(ConsentId.From(command.Command))!.View(),
        events =>
        {
            ConsentChanged(events);
            RequestChanged(events);
        });

    public Task<Outcome<ConsentRequestView>> RefuseRequestAsync(RefuseRequest command) => CommandAsync(
        command.Asker, "refuseConsentRequest",
        () => RequestRules.Refuse(State, command, Now),
        () => State.Requests.Find(command.Request)!.ViewAt(Now), RequestChanged);

    public Task<Outcome<IReadOnlyList<ConsentRequestView>>> ConsentRequestsAsync(Asker asker) => AskAsync(
        asker, AccessAction.View, "consentRequests", judge => judge.ActsAsPatient
            ? Answer.Of(judge.AsPatient, () => (IReadOnlyList<ConsentRequestView>)[.. State.Requests.All.Reverse().Select(request => request.ViewAt(Now))])
            : Answer.None<IReadOnlyList<ConsentRequestView>>(judge));

    public async Task ReceiveRequestAsync(ConsentRequest request)
    {
        if (IsErased || RequestRules.Receive(State, request, Now).Events is not { Count: > 0 } events)
        {
            await PaceAsync(new ConsentRequested(Now, request));
            return;
        }
        await CommitAsync(events);
        RequestChanged(events);
    }

    public Task<ConsentRequestView?> RequestOfAsync(Actor by, RequestId request) =>
        Task.FromResult(State.Requests.Find(request) is { } found && found.Request.By == by ? found.ViewAt(Now) : null);

    public async Task<ConsentRequestStatus?> WithdrawRequestAsync(Actor by, RequestId request)
    {
        var events = RequestRules.Withdraw(State, request, by, Now).Events;
        if (events.Count > 0)
        {
            await CommitAsync(events);
            RequestChanged(events);
        }
        return (await RequestOfAsync(by, request))?.Status;
    }

    private void RequestChanged(IReadOnlyList<PatientEvent> events)
    {
        foreach (var happened in events)
        {
            var id = happened switch
            {
                ConsentRequested asked => asked.Request.Id,
                RequestApproved approved => approved.Request,
                RequestRefused refused => refused.Request,
                RequestWithdrawn withdrawn => withdrawn.Request,
                _ => default,
            };
            if (State.Requests.Find(id) is not { } request)
                continue;
            foreach (var (observer, listener) in _observers)
            {
                if (IsSelf(listener.Asker) && listener.Until > Now && !State.Tokens.Ended(listener.Asker.Token))
                    observer.OnConsentRequestAsync(request.ViewAt(Now)).Ignore();
            }
        }
    }
}
