namespace TsVlm.Evaluation.Comparison;

/// <summary>What a series is a record of.</summary>
public enum SignalKind
{
    /// <summary>Of a body: ECG, EOG, EEG, pressure of the blood or the airways.</summary>
    Physiology,
    /// <summary>Of a movement: accelerations, positions, joint angles.</summary>
    Motion,
    /// <summary>Of an instrument in its surroundings: machines, buildings, weather, traffic.</summary>
    Sensor,
    /// <summary>Of what an electrical device draws from the mains.</summary>
    Device,
    /// <summary>Of a sound.</summary>
    Audio,
    /// <summary>Of the distance of an outline from its centre, or of another shape followed in a picture: over space, not time.</summary>
    Outline,
    /// <summary>Of an intensity over wavelength or frequency, not time.</summary>
    Spectrum,
    /// <summary>Of nothing: drawn by a program.</summary>
    Simulated,
}
