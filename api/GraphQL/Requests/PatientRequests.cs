using GraphQL;
using Hrms.Api.GraphQL.Requests;
using Hrms.Api.GraphQL.Schema;

namespace Hrms.Api.GraphQL.Patients;

/// <summary>What the patient is asked for.</summary>
public sealed partial class PatientType
{
    [Description("What others ask for, newest first; null for everybody but the patient.")]
    public Task<IReadOnlyList<ConsentRequestType>?> ConsentRequests(IResolveFieldContext context) =>
        Grain(context).ConsentRequestsAsync(Asker(context))
            .OrNull(requests => (IReadOnlyList<ConsentRequestType>)[.. requests.Select(request => new ConsentRequestType(request))]);
}

public sealed partial class Viewer
{
    [Description("What this practitioner or organisation has asked patients for and what became of it, newest first, 200 at most.")]
    public async Task<IReadOnlyList<ConsentRequestType>> ConsentRequests(IResolveFieldContext context, DateTimeOffset? before) =>
        Party.Kind is Contracts.ActorKind.Practitioner or Contracts.ActorKind.Organization
            ? [.. (await (await context.OwnProviderAsync()).ConsentRequestsAsync(before)).Select(request => new ConsentRequestType(request))]
            : [];
}
