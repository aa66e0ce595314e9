using GraphQL;
using Hrms.Api.GraphQL.Consents;
using Hrms.Api.GraphQL.Notices;
using Hrms.Api.GraphQL.Records;
using Hrms.Api.GraphQL.Requests;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Subscriptions;

/// <summary>Receives what a patient's grain tells and sends on what one field is about.</summary>
internal sealed class PatientSubscription(Func<object, Task> tell, Action onEnded) : IPatientObserver
{
    public Task OnEndedAsync()
    {
        onEnded();
        return Task.CompletedTask;
    }

    public Task OnRecordAsync(RecordMetadata record) => tell(new RecordType(new RecordView(record, default)));

    public Task OnConsentAsync(ConsentView consent) => tell(new ConsentType(consent));

    public Task OnNoticeAsync(PatientNotice notice) => tell(new NoticeType(notice));

    public Task OnConsentRequestAsync(ConsentRequestView request) => tell(new ConsentRequestType(request));

    /// <param name="choose">What of all that is told the subscription is about; null: nothing.</param>
    public static async Task<IObservable<T>> OpenAsync<T>(
        IResolveFieldContext context, IPatientGrain patient, Asker asker, Func<object, T?> choose) where T : class
    {
        var grains = context.RequestServices!.GetRequiredService<IGrainFactory>();
        GrainObservable<T>? stream = null;
        Task TellAsync(object told) => choose(told) is { } item && stream is not null ? stream.SendAsync(item) : Task.CompletedTask;
        var observer = new PatientSubscription(TellAsync, () => stream?.End());
        var reference = grains.CreateObjectReference<IPatientObserver>(observer);
        async Task SubscribeAsync()
        {
            if ((await patient.SubscribeAsync(asker, reference)).Refusal is { } refusal)
                throw Answers.Error(refusal);
        }
        stream = new GrainObservable<T>(
            SubscribeAsync, () => patient.UnsubscribeAsync(reference), context.IsStillGood(),
            context.RequestServices!.GetRequiredService<TimeProvider>(), observer);
        await SubscribeAsync();
        return stream;
    }
}
