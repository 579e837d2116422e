using TsVlm.Serving.Models;
using TsVlm.Serving.Windows;

namespace TsVlm.Serving.Streams;

/// <summary>A stream that was started and has not ended. One piece of it is under way at a time, which alone changes it.</summary>
/// <param name="model">The version of the model that answers to it.</param>
/// <param name="id">What the client calls it.</param>
/// <param name="settings">How it is cut.</param>
/// <param name="numChannels">Channels of each sample.</param>
internal sealed class OpenStream(ServedModel model, string id, WindowSettings settings, int numChannels)
{
    /// <summary>The version of the model that answers to it.</summary>
    public ServedModel Model => model;

    /// <summary>What the client calls it.</summary>
    public string Id => id;

    /// <summary>How it is cut.</summary>
    public WindowSettings Settings => settings;

    /// <summary>Most bytes that it keeps for later windows.</summary>
    public long NumBytes { get; } = (long)settings.Window * numChannels * sizeof(double);

    /// <summary>What was taken of it.</summary>
    public StreamSamples Samples { get; set; } = new(settings, numChannels);

    /// <summary>Its alarms.</summary>
    public AlarmState Alarms { get; set; } = new(settings.Alarms);

    /// <summary>Whether a piece was refused while the client may have sent later ones already: the next one must say where it belongs.</summary>
    public bool IsInterrupted { get; set; }

    /// <summary>Whether a piece is under way.</summary>
    public bool IsBusy { get; set; }

    /// <summary>When its latest piece was done with, as the clock's timestamp.</summary>
    public long LastUsed { get; set; }
}
