namespace TsVlm.Contracts;

/// <summary>
/// Marks an exception whose message is written for people: where, what was expected, what was found, what to do.
/// Commands, reports and logs show that message as it is; other errors are shown with their type.
/// </summary>
public interface IUserFacingError;
