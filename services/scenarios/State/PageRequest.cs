namespace TsVlm.Scenarios.State;

/// <summary>Which part of a list is asked for.</summary>
/// <param name="Offset">Place of the first entry, from 0.</param>
/// <param name="Limit">Maximum number of entries.</param>
internal readonly record struct PageRequest(int Offset, int Limit);
