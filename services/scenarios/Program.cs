using TsVlm.Scenarios;
using TsVlm.Scenarios.Api;
using TsVlm.ServiceDefaults.Hosting;

return await ServiceHost.Run(args, service =>
{
    service.AddArtifacts();
    service.AddScenarios();
    service.AddApi();
}, app => app.MapApi());
