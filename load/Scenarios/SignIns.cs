using System.Diagnostics;
using System.Text.Json;
using Hrms.Load.Measuring;
using Hrms.Load.Running;

namespace Hrms.Load.Scenarios;

/// <summary>
/// People sign in to an app, each step from the app's question to a refreshed token that opens their record: page, passkey or password and authenticator app (in turn, as long as that shows a
/// code that was not used), leave, code for token with PKCE, refresh. Each copy has people of its own and goes round among them; a browser begins without cookies each time.
/// </summary>
internal sealed class SignIns(RunningSystem system, int copies, int peopleCount) : IComposedScenario
{
    private const int Sample = 8;
    private const string Viewer = "{viewer{kind id}}";

    private const string History =
        "query($p:ID!,$a:String){patient(id:$p){accountHistory(first:50,after:$a){nodes{kind} pageInfo{hasNextPage endCursor}}}}";

    private Copy[] _copies = [];

    public Action<int, string, TimeSpan>? PartAnswered { get; set; }

    public string Name => "sign-in";

    public string Unit => "sign-ins";

    public async Task PrepareAsync(Action<string> progress, CancellationToken stop)
    {
        var folder = system.DataFolder ?? throw new LoadFaultException("People sign up by mail, which is read from the data folder of an embedded system: this one has none.");
        using (var browser = new WebBrowser(system.Url))
        using (var app = new OAuthApp(system.Url))
            if (WebForm.FieldsOf((await browser.GoAsync(app.Question(), stop)).Html, "/account/sign-in") is null)
                throw new LoadFaultException($"The system does not know the app that people sign in to. Put this into {Path.Combine(folder, OAuthApp.FileName)}, "
                    + $"and start it again with {HostProcess.TriesVariable}={HostProcess.Tries} and {HostProcess.AnonymousCostVariable}={HostProcess.Cost}: {OAuthApp.Metadata}");
        var count = Math.Max(peopleCount, copies);
        progress($"Signing up {count} people, each with a password, an authenticator app and a passkey");
        var (outbox, people) = (new Outbox(folder), new AppUser[count]);
        await Population.ForEachAsync(system, [.. Enumerable.Range(0, count)], async (_, i) =>
        {
            using var browser = new WebBrowser(system.Url);
            people[i] = await AppUser.SignUpAsync(system.Url, browser, outbox, stop);
        }, stop);
        _copies = [.. Enumerable.Range(0, copies).Select(copy => new Copy(system.Url, [.. people.Where((_, i) => i % copies == copy)]))];
    }

    public Task<string> StepAsync(int copy, CancellationToken stop) => StepAsync(copy, _copies[copy], stop);

    private async Task<string> StepAsync(int number, Copy copy, CancellationToken stop)
    {
        var (person, browser, app) = (copy.Next(), copy.Browser, copy.App);
        var byPassword = copy.Steps % 2 == 0 && person.HasCode;
        browser.Forget();
        await TimedAsync("sign-in-page", async () => AppUser.Expect(await browser.GoAsync(app.Question(), stop), "/account/sign-in"));
        person.Begun++;
        await (byPassword ? person.ByPasswordAsync(browser, TimedAsync, stop) : person.ByPasskeyAsync(browser, TimedAsync, stop));
        person.Done++;
        var code = "";
        await TimedAsync("consent", async () => code = OAuthApp.CodeIn(await browser.SendAsync("/connect/authorize", stop, ("decision", "allow"))));
        Tokens first = null!, second = null!;
        await TimedAsync("token", async () => first = await app.ExchangeAsync(code, stop));
        await TimedAsync("refresh", async () => second = await app.RefreshAsync(first.Refresh, stop));
        person.UsedRefresh = first.Refresh;
        await TimedAsync("first-question", () => AskAsync(copy, person, second.Access, stop));
        return byPassword ? "by-password" : "by-passkey";

        async Task TimedAsync(string part, Func<Task> act)
        {
            var began = Stopwatch.GetTimestamp();
            await act();
            PartAnswered?.Invoke(number, part, Stopwatch.GetElapsedTime(began));
        }
    }

    public async Task<IReadOnlyList<Threshold>> CheckAsync(Action<string> progress, CancellationToken stop)
    {
        var people = _copies.SelectMany(copy => copy.People).Where(person => person.Patient is not null).ToList();
        if (people.Count == 0)
            return [new Threshold("somebody signs in", false, "nobody did")];
        progress($"Comparing the histories of {people.Count} accounts with what was acknowledged");
        var (wrong, listed) = (0, 0);
        await Population.ForEachAsync(system, people, async (client, person) =>
        {
            var count = await SignInsListedAsync(client, person, stop);
            Interlocked.Add(ref listed, count);
            if (count < person.Done || count > person.Begun)
                Interlocked.Increment(ref wrong);
        }, stop);
        return
        [
            new Threshold("every sign-in is in its account's history once", wrong == 0, $"{listed} sign-ins listed, {wrong} accounts with other counts than acknowledged"),
            await UsedOnceAsync([.. people.Take(Sample)], stop),
            .. await LedgerCheck.RunAsync(system, [.. people.Select(person => new Party(person.Patient!.Value, system.TokenOfPatient(person.Patient.Value)))], progress, stop),
        ];
    }

    public void Dispose()
    {
        foreach (var copy in _copies)
            copy.Dispose();
    }

    /// <summary>Whose record the token opens: the same person's each time, and nobody else's.</summary>
    private async Task AskAsync(Copy copy, AppUser person, string token, CancellationToken stop)
    {
        using var answer = await copy.Client.AskAsync(token, Viewer, stop);
        var id = answer.RootElement.GetProperty("data").GetProperty("viewer").GetProperty("id").GetGuid();
        if (id != (person.Patient ??= id))
            throw new RequestFailedException($"Patient {person.Patient} signed in and got a token of {id}.");
    }

    private async Task<int> SignInsListedAsync(GraphQLClient client, AppUser person, CancellationToken stop)
    {
        var (count, token, after) = (0, system.TokenOfPatient(person.Patient!.Value), JsonElement.Parse("null"));
        while (true)
        {
            using var answer = await client.AskAsync(token, History, stop, ("p", person.Patient.Value.ToString("D")), ("a", after));
            var page = answer.RootElement.GetProperty("data").GetProperty("patient").GetProperty("accountHistory");
            count += page.GetProperty("nodes").EnumerateArray().Count(line => line.GetProperty("kind").GetString() == "SIGNED_IN");
            if (!page.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean())
                return count;
            after = page.GetProperty("pageInfo").GetProperty("endCursor").Clone();
        }
    }

    /// <summary>OAuth 2.1, section 4.3.1: who comes with a refresh token that was used gets nothing.</summary>
    private async Task<Threshold> UsedOnceAsync(IReadOnlyList<AppUser> people, CancellationToken stop)
    {
        using var app = new OAuthApp(system.Url);
        var taken = 0;
        foreach (var person in people)
        {
            try
            {
                await app.RefreshAsync(person.UsedRefresh!, stop);
                taken++;
            }
            catch (RequestFailedException)
            {
                // as it should be
            }
        }
        return new Threshold("a refresh token is good once", taken == 0, $"{taken} of {people.Count} used ones were taken again");
    }

    /// <summary>One client: a browser, an app, and the people who sit down at them in turn.</summary>
    private sealed class Copy(Uri server, AppUser[] people) : IDisposable
    {
        public WebBrowser Browser { get; } = new(server);

        public OAuthApp App { get; } = new(server);

        public GraphQLClient Client { get; } = new(server);

        public AppUser[] People => people;

        public int Steps { get; private set; }

        /// <summary>Each person comes twice running, once by each way.</summary>
        public AppUser Next() => people[(Steps++ / 2) % people.Length];

        public void Dispose()
        {
            Browser.Dispose();
            App.Dispose();
            Client.Dispose();
        }
    }
}
