namespace Hrms.Grains.Ledger;

/// <summary>What a lane is doing.</summary>
public enum LaneState
{
    Starting = 1,
    Running = 2,
    /// <summary>No node or no database answers; tried again by itself.</summary>
    Waiting = 3,
    /// <summary>The chain and our rows contradict each other, or the contract refuses our commits.</summary>
    Stopped = 4,
    /// <summary>An operator paused it.</summary>
    Paused = 5,
}

/// <summary>What comes after a step of the pump.</summary>
internal enum LaneStep
{
    /// <summary>There may be more to do at once.</summary>
    Again = 1,
    /// <summary>Nothing until <see cref="LanePump.IsBusy"/> or a wake.</summary>
    Rest = 2,
    /// <summary>Another writer has the lane.</summary>
    Lost = 3,
    /// <summary>Stopped, or told to end.</summary>
    Ended = 4,
}
