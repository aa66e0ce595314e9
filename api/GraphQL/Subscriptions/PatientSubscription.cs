using GraphQL;
using Hrms.Api.GraphQL.Consents;
using Hrms.Api.GraphQL.Notices;
using Hrms.Api.GraphQL.Records;
using Hrms.Api.GraphQL.Requests;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Subscriptions;

/// <summary>Receives what a patient's grain tells and sends on what one field is about.</summary>
internal sealed class PatientSubscription(Action<object> tell, Action onEnded) : IPatientObserver
{
    public Task OnEndedAsync()
    {
        onEnded();
        return Task.CompletedTask;
    }

    public Task OnRecordAsync(RecordMetadata record)
    {
        tell(new RecordType(new RecordView(record, default)));
        return Task.CompletedTask;
    }

    public Task OnConsentAsync(ConsentView consent)
    {
        tell(new ConsentType(consent));
        return Task.CompletedTask;
    }

    public Task OnNoticeAsync(PatientNotice notice)
    {
        tell(new NoticeType(notice));
        return Task.CompletedTask;
    }

    public Task OnConsentRequestAsync(ConsentRequestView request)
    {
        tell(new ConsentRequestType(request));
        return Task.CompletedTask;
    }

    /// <param name="choose">What of all that is told the subscription is about; null: nothing.</param>
    public static async Task<IObservable<T>> OpenAsync<T>(
        IResolveFieldContext context, IPatientGrain patient, Asker asker, Func<object, T?> choose) where T : class
    {
        var grains = context.RequestServices!.GetRequiredService<IGrainFactory>();
        GrainObservable<T>? stream = null;
        void Tell(object told)
        {
            if (choose(told) is { } item)
                stream?.Send(item);
        }
        var observer = new PatientSubscription(Tell, () => stream?.End());
        var reference = grains.CreateObjectReference<IPatientObserver>(observer);
        async Task SubscribeAsync()
        {
            if ((await patient.SubscribeAsync(asker, reference)).Refusal is { } refusal)
                throw Answers.Error(refusal);
        }
        stream = new GrainObservable<T>(
            SubscribeAsync, () => patient.UnsubscribeAsync(reference),
            context.RequestServices!.GetRequiredService<TimeProvider>(), observer);
        await SubscribeAsync();
        return stream;
    }
}
