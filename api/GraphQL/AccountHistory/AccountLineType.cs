using GraphQL;
using Hrms.Api.GraphQL.Records;
using Hrms.Api.Identity.Accounts;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.AccountHistory;

/// <summary>Something that happened to an account.</summary>
[Name("AccountLine")]
public sealed class AccountLineType(AccountLine line)
{
    [Description("The event of the patient's stream: what a proof is asked for.")]
    public long StreamVersion => line.StreamVersion;

    public DateTimeOffset At => line.At;

    public AccountEventKind Kind => line.Act.Kind;

    [Description("The same for people to read, in English.")]
    public string Text => AccountWords.InEnglish(line.Act);

    [Description("Whose doing it is; of failed sign-ins: whose account it is.")]
    public ActorType By => ActorType.Of(line.Act.By);

    [Description("Of a sign-in or a recovery: by what.")]
    public SignInWay? Way => line.Act.Way;

    [Description("The app's or the guardian's name.")]
    public string? About => line.Act.About;

    [Description("Of failed sign-ins: how many this line stands for.")]
    public int Count => line.Act.Count;

    [Description("Of failed sign-ins: when the first of them was.")]
    public DateTimeOffset? Since => line.Act.Since;
}

[Name("AccountLineConnection")]
public sealed class AccountLineConnection(AccountHistoryPage page)
{
    public IReadOnlyList<AccountLineEdge> Edges =>
        [.. page.Lines.Select(line => new AccountLineEdge(line.StreamVersion.ToString(System.Globalization.CultureInfo.InvariantCulture), new AccountLineType(line)))];

    public IReadOnlyList<AccountLineType> Nodes => [.. page.Lines.Select(line => new AccountLineType(line))];

    public PageInfo PageInfo => new(page.HasNextPage, page.EndCursor);
}

public sealed record AccountLineEdge(string Cursor, AccountLineType Node);
