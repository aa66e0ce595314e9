using GraphQL;
using Hrms.Api.GraphQL.AccountHistory;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Patients;

/// <summary>What happened to the patient's account.</summary>
public sealed partial class PatientType
{
    [Description(
        "What happened to the patient's account, newest first: who came in and who did not, what was changed about how, which apps were connected. Null for everybody but the patient in person. "
        + "Reading it is a line of the access history.")]
    public Task<AccountLineConnection?> AccountHistory(IResolveFieldContext context, int first = 25, string? after = null) =>
        Grain(context).AccountHistoryAsync(new AccountHistoryQuery(Asker(context), first, after)).OrNull(page => new AccountLineConnection(page));
}
