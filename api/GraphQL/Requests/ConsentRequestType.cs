using GraphQL;
using Hrms.Api.GraphQL.Records;
using Hrms.Api.GraphQL.Consents;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Requests;

/// <summary>What a practitioner or an organisation asks a patient for, and what became of it.</summary>
[Name("ConsentRequest")]
public sealed class ConsentRequestType(ConsentRequestView view)
{
    [Id]
    public Guid Id => view.Request.Id.Value;

    [Id]
    public Guid Patient => view.Request.Patient.Value;

    [Description("Who asks.")]
    public ActorType By => ActorType.Of(view.Request.By);

    public string Message => view.Request.Message;

    public ConsentRequestStatus Status => view.Status;

    public ProvisionTerms Rule => new(view.Request.Terms.Rule);

    public IReadOnlyList<ProvisionTerms> Exceptions => [.. view.Request.Terms.Exceptions.Select(exception => new ProvisionTerms(exception))];

    public DateTimeOffset? ValidFrom => view.Request.Terms.Validity.From;

    public DateTimeOffset? ValidUntil => view.Request.Terms.Validity.Until;

    public DateTimeOffset? KeepUntil => view.Request.Terms.KeepUntil;

    public FrequencyType? Frequency => view.Request.Terms.Frequency is { } frequency ? new FrequencyType(frequency) : null;

    public DateTimeOffset RequestedAt => view.Request.At;

    [Description("From then on it can only be asked anew.")]
    public DateTimeOffset ExpiresAt => view.Request.ExpiresAt;

    [Description("When it was approved, refused or withdrawn.")]
    public DateTimeOffset? ClosedAt => view.ClosedAt;

    [Id, Description("The consent that it became; null for who asked.")]
    public Guid? Consent => view.Consent?.Value;
}
