using TsVlm.Scenarios;
using TsVlm.ServiceDefaults;

return await ServiceHost.Run(args, service =>
{
    service.AddArtifacts();
    service.AddScenarios();
    service.AddApi();
}, app => app.MapApi());
