namespace Hrms.Storage.Tests;

/// <summary>The smallest grain that keeps a state and a reminder.</summary>
[Alias("Hrms.Storage.Tests.INoteGrain")]
public interface INoteGrain : IGrainWithGuidKey
{
    [Alias("WriteAsync")]
    Task WriteAsync(string text);

    [Alias("ReadAsync")]
    Task<string?> ReadAsync();

    [Alias("ClearAsync")]
    Task ClearAsync();

    [Alias("ForgetAsync")]
    Task ForgetAsync();

    [Alias("RemindAsync")]
    Task RemindAsync(string name);

    [Alias("RemindersAsync")]
    Task<IReadOnlyList<string>> RemindersAsync();

    [Alias("StopRemindingAsync")]
    Task StopRemindingAsync(string name);
}

[GenerateSerializer, Alias("Hrms.Storage.Tests.Note")]
public sealed record Note
{
    [Id(0)]
    public string? Text { get; set; }
}

public sealed class NoteGrain([PersistentState("storage-tests-note")] IPersistentState<Note> note) : Grain, INoteGrain, IRemindable
{
    public async Task WriteAsync(string text)
    {
        note.State = new() { Text = text };
        await note.WriteStateAsync();
    }

    public Task<string?> ReadAsync() => Task.FromResult(note.State.Text);

    public Task ClearAsync() => note.ClearStateAsync();

    public Task ForgetAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task RemindAsync(string name) =>
        await this.RegisterOrUpdateReminder(name, TimeSpan.FromHours(1), TimeSpan.FromHours(1));

    public async Task<IReadOnlyList<string>> RemindersAsync() => [.. (await this.GetReminders()).Select(reminder => reminder.ReminderName)];

    public async Task StopRemindingAsync(string name) =>
        await this.UnregisterReminder(await this.GetReminder(name) ?? throw new InvalidOperationException($"No reminder '{name}'."));

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;
}
