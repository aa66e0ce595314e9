using GraphQL;
using Hrms.Api.GraphQL.Consents;
using Hrms.Api.GraphQL.Ledger;
using Hrms.Api.GraphQL.Notices;
using Hrms.Api.GraphQL.Records;
using Hrms.Api.GraphQL.Requests;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Subscriptions;

/// <summary>What happens, as it happens. Consent is looked at again for each thing that is sent.</summary>
public sealed class HrmsSubscriptions
{
    [ForApps, Description("New records and versions of a patient, as far as the asker may be sent them (action STREAM). Content is asked for by a query.")]
    public static Task<IObservable<RecordType>> RecordAdded([Id] Guid patient, PurposeOfUse? purpose, IResolveFieldContext context) =>
        PatientSubscription.OpenAsync<RecordType>(context, context.Patient(patient), context.Asker(purpose), told => told as RecordType);

    [Description("Consents as they are given and revoked. Silent for everybody but the patient.")]
    public static Task<IObservable<ConsentType>> ConsentChanged([Id] Guid patient, IResolveFieldContext context) =>
        PatientSubscription.OpenAsync<ConsentType>(context, context.Patient(patient), context.Asker(), told => told as ConsentType);

    [Description("Requests for consents as they are made, approved, refused and withdrawn. Silent for everybody but the patient.")]
    public static Task<IObservable<ConsentRequestType>> ConsentRequestChanged([Id] Guid patient, IResolveFieldContext context) =>
        PatientSubscription.OpenAsync<ConsentRequestType>(context, context.Patient(patient), context.Asker(), told => told as ConsentRequestType);

    [Description("What the patient is told without asking, such as broken glass, as it happens. Silent for everybody but the patient and who acts fully for them.")]
    public static Task<IObservable<NoticeType>> NoticeAdded([Id] Guid patient, IResolveFieldContext context) =>
        PatientSubscription.OpenAsync<NoticeType>(context, context.Patient(patient), context.Asker(), told => told as NoticeType);

    [Description("Batches as they become final on the ledger, of all lanes.")]
    public static Task<IObservable<LedgerCommitType>> LedgerCommitted(IResolveFieldContext context) =>
        LedgerSubscription.OpenAsync(context, [.. Lanes.All(context)]);
}
